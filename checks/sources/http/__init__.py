"""The one room that knows HTTP: authentication, limits, retries of reads, time-outs, redaction.

`exchange` sends one request and reads its whole answer, and is the one module that imports httpx; `judging` says what a
status means; `retrying` asks again; `fetching` is about addresses that came from outside; `connection` puts them together.
"""

from checks.sources.http.connection import Http

__all__ = ["Http"]
