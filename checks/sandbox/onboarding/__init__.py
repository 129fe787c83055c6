"""What a new wholesaler's own system would export for a shop's central database, with the truth about it.

The truth comes from the making, never from what reads, matches or judges it.
"""

from checks.sandbox.onboarding.example import Example, example

__all__ = ["Example", "example"]
