"""Own names, and the entries of the shop's lookup tables."""
