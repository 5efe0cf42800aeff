"""Ofsted's Annex A workbook: conferences from List 5, the children on a plan from List 7."""
