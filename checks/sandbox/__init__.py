"""Stand-ins of the systems' APIs, served over real HTTP, with faults in the data and on the wire.

```python
with Sandbox(size=500, seed=7) as sandbox:
    sandbox.base_url                                  # http://127.0.0.1:PORT/api
    sandbox.truth()["missing-photo"]                  # {("KV104512", None), ...}
    sandbox.faults.add("POST LinkProducts", "error-500", times=1)
    sandbox.live_a_day(3)                             # what happens to a shop between two mornings, in words
    sandbox.advance(days=1)                           # its clock; orders grow old by it
    sandbox.traffic()["GET Products"]                 # {"requests": 2, "bytes": ..., "wire": ...}
```
"""

from checks.sandbox.server import LOGIN, PASSWORD, Sandbox

__all__ = ["LOGIN", "PASSWORD", "Sandbox"]
