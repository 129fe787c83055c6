"""The workbook that goes out with what only a person can decide, and comes back."""
