"""A stand-in of EasyFlor: both logins, debtors for the shop's clients, opening hours, planted faults."""
