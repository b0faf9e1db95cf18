"""Who is in the demo. Needs no database, so that the command line may name them."""

from dataclasses import dataclass

COMPANY = "Meridian Works"
PASSWORD = "sundial-demo"  # noqa: S105 - printed at every start; the demo listens on this machine only


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    role: str


PEOPLE = (
    Person("Alice Hartmann", "alice@meridian.example", "administrator"),
    Person("Bob Okafor", "bob@meridian.example", "user"),
)
