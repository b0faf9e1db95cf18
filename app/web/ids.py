"""Ids as they come in addresses and forms: whatever is typed there, the database is asked only what it can hold."""

LARGEST_ID = 2**63 - 1
LARGEST_POSITION = 2**31 - 1


def is_id(number: int) -> bool:
    return 0 <= number <= LARGEST_ID


def read_id(text: str) -> int | None:
    """None for anything that cannot be an id."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))):
        return None
    return int(text) if is_id(int(text)) else None
