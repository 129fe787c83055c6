"""What changed over the runs: two of them side by side, one frame field by field, one product's life.

Pure questions to a store. What cannot be known says so: a snapshot that is missing never looks as if all was removed.
"""

from __future__ import annotations

from checks.history.comparing import RunComparison, compare_runs, frame_changes
from checks.history.timeline import timeline

__all__ = ["RunComparison", "compare_runs", "frame_changes", "timeline"]
