"""The public face of Keurmeester for notebooks: connect, collect, check, findings as a Polars frame, plan a fix.

```python
from checks import connect

kr = connect()                                  # the settings that the command line would use
kr.doctor()                                     # is everything in place?
shop = kr.collect("products", "central_eans")   # asked now, kept nowhere: shop["products"] is a Polars frame
kr.check(shop)                                  # the same checks as every morning, judged here
kr.health_check()                               # the daily run, kept in the store
kr.findings("missing-photo")                    # a Polars frame
plan = kr.plan("own-became-central", keys=["A100"])
kr.apply(plan)                                  # journalled, read back; kr.undo(plan) plans the way back
```

In Jupyter a frame of findings, a run and a plan show themselves as people read them; elsewhere they are plain objects.
"""

from __future__ import annotations

from checks.workbench.collection import Collection
from checks.workbench.connecting import connect
from checks.workbench.workbench import Workbench

__all__ = ["Collection", "Workbench", "connect"]
