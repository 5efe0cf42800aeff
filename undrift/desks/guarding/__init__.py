"""Need to know: restricted records, who is kept out, emergency openings, and who has looked."""
