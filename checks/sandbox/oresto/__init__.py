"""The stand-in of the Oresto API: its assortment, its planted faults, its routes."""
