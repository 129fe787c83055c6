"""Oresto: the shared web shop. `client` asks, `wire` knows the shapes, `collect` makes frames of the answers."""
