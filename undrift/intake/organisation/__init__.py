"""The organisation as six CSV files: checked, taken in, and written out again."""
