"""The organisation as five CSV files: checked, taken in, and written out again."""
