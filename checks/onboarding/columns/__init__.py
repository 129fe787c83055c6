"""Which column of a file is what."""
