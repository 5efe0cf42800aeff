"""Files from outside, read with care: the sector's Annex A workbook, and the organisation as CSV."""
