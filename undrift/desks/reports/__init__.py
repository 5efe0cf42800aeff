"""Reports: what a period shows of the concerns that one may see."""
