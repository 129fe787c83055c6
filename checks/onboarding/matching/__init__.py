"""Own articles, and the central products that they are."""
