"""One room per system: how to ask, and how the answers become frames."""
