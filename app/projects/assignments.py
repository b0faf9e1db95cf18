"""Who is assigned to an item and through what: to itself or to something above it, by hand or by Asana."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import ClassVar

from app import database
from app.projects.access import Item
from app.projects.models import Kind, MadeBy
from app.projects.own import Refused
from app.projects.words import source_name


@dataclass(frozen=True)
class Assigned:
    """One reason why somebody has an item. `through_id` is the item they are assigned to."""

    id: int
    user_id: int
    name: str
    email: str
    made_by: str
    made_at: datetime
    assigned_by: str | None
    through_id: int
    through_name: str
    through_kind: str
    through_source: str
    is_direct: bool
    is_deactivated: bool
    dom_name: ClassVar[str] = "assignment"

    @property
    def is_by_hand(self) -> bool:
        return self.made_by == MadeBy.hand

    @property
    def source_name(self) -> str:
        return source_name(self.through_source)

    @property
    def is_about_integration(self) -> bool:
        return self.through_kind == Kind.root

    @property
    def why(self) -> str:
        """What the source says they are, where it was not made by hand."""
        whys = {Kind.root: "owner of the integration", Kind.project: "member of the project"}
        return whys.get(Kind(self.through_kind), "assignee of the task")


ASSIGNED = """
    SELECT assignment.id, person.id AS user_id, person.name, person.email, assignment.made_by,
           assignment.created_at AS made_at, maker.name AS assigned_by, through.id AS through_id,
           through.name AS through_name, through.kind AS through_kind,
           through.source AS through_source, through.id = $2 AS is_direct,
           person.deactivated_at IS NOT NULL AS is_deactivated
    FROM assignment
    JOIN person ON person.id = assignment."user"
    JOIN work_item through ON through.id = assignment.item
    LEFT JOIN person maker ON maker.id = assignment.assigned_by
    WHERE assignment.account = $1 AND assignment.item = ANY ($3::bigint[])
    ORDER BY lower(person.name), person.id, array_position($3::bigint[], through.id) DESC, made_by DESC
"""


async def assigned_to(account_id: int, item: Item) -> list[tuple[str, list[Assigned]]]:
    """The names of all who have the item, each with every reason, their own assignments to it first."""
    above = dict.fromkeys(above_id for way in item.ways for above_id in way.ids)
    rows = await database.fetch(ASSIGNED, account_id, item.id, [*above, item.id])
    reasons = (Assigned(**dict(row)) for row in rows)
    return [(group[0].name, group) for _, found in groupby(reasons, key=user_of) if (group := list(found))]


def user_of(assigned: Assigned) -> int:
    return assigned.user_id


@dataclass(frozen=True)
class Candidate:
    id: int
    name: str
    email: str

    @property
    def option(self) -> tuple[int, str]:
        return self.id, f"{self.name} ({self.email})"


async def candidates(account_id: int, item_id: int) -> list[Candidate]:
    """The people of the account who are not yet assigned to the item by hand."""
    rows = await database.fetch(
        """SELECT id, name, email FROM person
        WHERE account = $1 AND deactivated_at IS NULL AND NOT EXISTS (
            SELECT FROM assignment WHERE assignment."user" = person.id AND item = $2 AND made_by = 'hand')
        ORDER BY lower(name), id""",
        account_id,
        item_id,
    )
    return [Candidate(**dict(row)) for row in rows]


async def assign(account_id: int, item_id: int, user_id: int, by: int) -> str | None:
    """Assigns the person by hand and returns their name; None where the account has nobody of that id.

    A second time changes nothing.
    """
    name: str | None = await database.fetch_value(
        "SELECT name FROM person WHERE account = $1 AND id = $2 AND deactivated_at IS NULL", account_id, user_id
    )
    if name is not None:
        await database.execute(
            """INSERT INTO assignment (account, "user", item, made_by, assigned_by) VALUES ($1, $2, $3, 'hand', $4)
            ON CONFLICT ("user", item, made_by) DO NOTHING""",
            account_id,
            user_id,
            item_id,
            by,
        )
    return name


async def unassign(account_id: int, item: Item, assignment_id: int) -> str | None:
    """Takes an assignment made by hand back and returns whose it was; None where there is none.

    Raises Refused for one that follows from the source.
    """
    row = await database.fetch_one(
        """SELECT assignment.made_by, person.name FROM assignment JOIN person ON person.id = assignment."user"
        WHERE assignment.account = $1 AND assignment.item = $2 AND assignment.id = $3""",
        account_id,
        item.id,
        assignment_id,
    )
    if row is None:
        return None
    if row["made_by"] != MadeBy.hand:
        source = source_name(item.source)
        raise Refused(f"{source} says that {row['name']} is on this. Take it back in {source}, and it follows.")
    await database.execute("DELETE FROM assignment WHERE id = $1", assignment_id)
    return str(row["name"])
