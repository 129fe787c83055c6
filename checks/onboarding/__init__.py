"""A new wholesaler's own article file, from the spreadsheet to the shop (guide, chapters 2 and 3).

```
file ─> columns ─> articles ─> diagnosis
                      │
                      ├─> matches with the central list ──┐
                      └─> references to lookup tables ────┴─> worklist ─> bodies ─> plan (checks.fixes)
```

Pure but for the two edges that read and write files; nothing here asks the shop.
"""

from __future__ import annotations

from checks.onboarding.client_requests import ClientList, client_list
from checks.onboarding.columns.fields import ARTICLE_FIELDS, CLIENT_FIELDS
from checks.onboarding.columns.mapping import Columns, guess_columns
from checks.onboarding.decisions.reading import Decisions, read_decisions
from checks.onboarding.decisions.renewing import renew_decisions
from checks.onboarding.decisions.writing import write_decisions
from checks.onboarding.diagnosis import diagnose
from checks.onboarding.file.table import TableFile, read_table
from checks.onboarding.guide import Guide
from checks.onboarding.matching.match import Matches, match_articles
from checks.onboarding.reading.articles import Articles, read_articles
from checks.onboarding.reading.clients import Clients, read_clients
from checks.onboarding.references.mapping import References, map_references
from checks.onboarding.worklist import Worklist, make_worklist

__all__ = [
    "ARTICLE_FIELDS",
    "CLIENT_FIELDS",
    "Articles",
    "ClientList",
    "Clients",
    "Columns",
    "Decisions",
    "Guide",
    "Matches",
    "References",
    "TableFile",
    "Worklist",
    "client_list",
    "diagnose",
    "guess_columns",
    "make_worklist",
    "map_references",
    "match_articles",
    "read_articles",
    "read_clients",
    "read_decisions",
    "read_table",
    "renew_decisions",
    "write_decisions",
]
