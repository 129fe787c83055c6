"""A stand-in of Kruitbosch's web service (ServiceStack)."""
