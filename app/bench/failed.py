"""What every measuring process may end with."""


class Failed(Exception):
    """What was to be measured did not come about; the text says why."""
