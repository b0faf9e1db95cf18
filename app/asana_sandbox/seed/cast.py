"""Who works at Meridian Works and who helps in the garden."""

from dataclasses import dataclass, field

from app.asana_sandbox.model import Gid, Grant
from app.asana_sandbox.world import World

MERIDIAN = "Meridian Works"
GARDEN = "Hartmann Garden"

STAFF = [
    ("alice", "Alice Hartmann", "alice@meridian.example"),
    ("bob", "Bob Okafor", "bob@meridian.example"),
    ("priya", "Priya Raman", "priya@meridian.example"),
    # An address in capitals: people write their own addresses in every way.
    ("tomas", "Tomás Ortega", "Tomas.Ortega@Meridian.example"),
    ("mei", "Mei Lin", "mei@meridian.example"),
    ("jonas", "Jonas Weber", "jonas@meridian.example"),
    ("fatima", "Fatima Zahra El Amrani", "fatima@meridian.example"),
    ("grace", "Grace Mbeki", "grace@meridian.example"),
    ("sven", "Sven Lindqvist", "sven@meridian.example"),
    # Her privacy settings keep the address out of every answer.
    ("yuki", "Yuki Tanaka", None),
    # He never set a name, so Asana shows the address instead.
    ("dana", "dana@meridian.example", "dana@meridian.example"),
]
GUEST = ("olivia", "Olivia Brandt", "olivia.brandt@posteo.example")
GARDENER = ("ruth", "Ruth Hartmann", "ruth@hartmann.example")

TEAMS = {
    "Product": ["alice", "bob", "priya", "mei"],
    "Engineering": ["tomas", "jonas", "yuki", "dana"],
    "Studio": ["mei", "fatima", "grace"],
    "Operations": ["alice", "sven", "grace"],
}


@dataclass
class Cast:
    meridian: Gid
    garden: Gid
    people: dict[str, Gid] = field(default_factory=dict)
    teams: dict[str, Gid] = field(default_factory=dict)


def hire(world: World) -> Cast:
    cast = Cast(
        meridian=world.make_workspace(MERIDIAN, email_domains=["meridian.example"], is_paid=True),
        garden=world.make_workspace(GARDEN, is_organization=False),
    )
    for key, name, email in STAFF:
        cast.people[key] = world.make_user(name, email, cast.meridian, is_admin=key == "alice")
    cast.people["olivia"] = world.make_user(GUEST[1], GUEST[2], cast.meridian, is_guest=True)
    cast.people["ruth"] = world.make_user(GARDENER[1], GARDENER[2], cast.garden, is_admin=True)
    for key in ("alice", "olivia"):
        world.join_workspace(cast.people[key], cast.garden)
    for team, members in TEAMS.items():
        cast.teams[team] = world.make_team(team, cast.meridian, [cast.people[key] for key in members])
    for key, gid in cast.people.items():
        give_personal_token(world, f"sandbox-pat-{key}", gid)
    return cast


def give_personal_token(world: World, token: str, person: Gid) -> None:
    world.state.grants[token] = Grant(token, "personal", person)
