"""An own file as it stands: CSV or XLSX, as text."""
