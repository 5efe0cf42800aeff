"""Ofsted's Annex A workbook: the children on a plan, read from List 7."""
