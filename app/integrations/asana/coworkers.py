"""The people of the chosen workspaces, as somebody sees them who wants to invite them."""

from dataclasses import dataclass
from typing import ClassVar

from app import database
from app.integrations.asana.models import AsanaConnection


@dataclass(frozen=True)
class Coworker:
    """`standing`: invitable, here, deactivated, invited, or no_email. Only the first can be ticked."""

    id: int
    name: str
    email: str | None
    standing: str
    dom_name: ClassVar[str] = "asana_person"

    @property
    def is_invitable(self) -> bool:
        return self.standing == "invitable"

    def matches(self, typed: str) -> bool:
        return all(word in f"{self.name} {self.email or ''}".casefold() for word in typed.casefold().split())


COWORKERS = """
    SELECT person.id, person.name, person.email,
           CASE WHEN here.deactivated_at IS NOT NULL THEN 'deactivated'
                WHEN here.id IS NOT NULL THEN 'here'
                WHEN coalesce(person.email, '') = '' THEN 'no_email'
                WHEN EXISTS (
                    SELECT FROM invitation
                    WHERE invitation.account = connection.account AND lower(invitation.email) = lower(person.email)
                      AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()) THEN 'invited'
                ELSE 'invitable' END AS standing
    FROM asana_person person
    JOIN asana_connection connection ON connection.id = person.connection
    LEFT JOIN LATERAL (
        SELECT id, deactivated_at FROM person here
        WHERE here.account = connection.account
          AND (here.id = person."user" OR lower(here.email) = lower(person.email))
        ORDER BY here.id = person."user" DESC NULLS LAST LIMIT 1) here ON true
    WHERE person.connection = $1
      AND person.workspace_gids && (
          SELECT array_agg(gid) FROM asana_workspace WHERE connection = $1 AND is_selected)
    ORDER BY lower(coalesce(nullif(person.name, ''), person.email)), person.id
"""


async def coworkers_of(connection: AsanaConnection) -> list[Coworker]:
    rows = await database.fetch(COWORKERS, connection.id)
    return [Coworker(**dict(row)) for row in rows]
