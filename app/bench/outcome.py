"""What every measuring process ends with: its figures, or why there are none."""

from typing import Any

Figures = dict[str, Any]


class Failed(Exception):
    """What was to be measured did not come about; the text says why."""
