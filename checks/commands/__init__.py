"""The commands of `keurmeester`, one file a subject; `checks.cli` puts them together."""
