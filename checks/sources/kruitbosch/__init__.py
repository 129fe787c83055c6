"""Kruitbosch: a supplier's catalogue on ServiceStack. `client` asks, `wire` knows the shapes, `collect` makes frames."""
