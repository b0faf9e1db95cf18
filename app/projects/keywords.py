"""Words by which automatic tracking recognises a task: those from Asana are read only, those made by hand are ours."""

from dataclasses import dataclass
from typing import ClassVar

from app import database
from app.projects.models import MadeBy
from app.projects.own import Invalid

LONGEST_WORD = 200


@dataclass(frozen=True)
class Word:
    id: int
    word: str
    made_by: str
    is_id: bool
    dom_name: ClassVar[str] = "keyword"

    @property
    def is_by_hand(self) -> bool:
        return self.made_by == MadeBy.hand


async def keywords_of(account_id: int, item_id: int) -> list[Word]:
    rows = await database.fetch(
        """SELECT id, word, made_by, is_id FROM keyword WHERE account = $1 AND item = $2
        ORDER BY is_id DESC, lower(word), id""",
        account_id,
        item_id,
    )
    return [Word(**dict(row)) for row in rows]


async def add_keyword(account_id: int, item_id: int, word: str) -> None:
    """Adds the word by hand; one that the item has already stays as it is."""
    word = " ".join(word.replace("\0", "").split())
    if not word:
        raise Invalid("Type a word.")
    if len(word) > LONGEST_WORD:
        raise Invalid(f"At most {LONGEST_WORD} characters, please.")
    await database.execute(
        """INSERT INTO keyword (account, item, word, made_by, is_id) SELECT $1, $2, $3, 'hand', false
        WHERE NOT EXISTS (SELECT FROM keyword WHERE item = $2 AND lower(word) = lower($3))
        ON CONFLICT (item, word, made_by) DO NOTHING""",
        account_id,
        item_id,
        word,
    )


async def remove_keyword(account_id: int, item_id: int, keyword_id: int) -> bool:
    removed = await database.execute(
        "DELETE FROM keyword WHERE account = $1 AND item = $2 AND id = $3 AND made_by = 'hand'",
        account_id,
        item_id,
        keyword_id,
    )
    return removed > 0
