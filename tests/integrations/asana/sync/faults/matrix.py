"""What goes wrong, and where."""

from dataclasses import dataclass, field
from typing import Any

from app.integrations.asana.models import PassKind
from tests.integrations.asana.sync.faults.scene import Scene

# More often than anybody tries.
ALWAYS = 1000


@dataclass(frozen=True)
class Fault:
    """`word`: what the run or its warning calls it; none where the pass gets over it by itself."""

    order: dict[str, Any]
    word: str | None = None


def broken(**order: Any) -> Fault:
    return Fault({"times": ALWAYS, **order}, "unavailable")


FAULTS = {
    "429": Fault({"status": 429, "retry_after": 600, "times": ALWAYS}, "rate_limited"),
    "429-for-30-s": Fault({"status": 429, "retry_after": 30, "times": 2}),
    "429-without-retry-after": Fault({"status": 429, "retry_after": None, "times": 2}),
    "500": broken(status=500),
    "502": broken(status=502),
    "503": broken(status=503),
    "time-out": broken(kind="slow", seconds=1),
    "reset": broken(kind="reset"),
    "cut": broken(kind="cut"),
    "html": broken(kind="not_json"),
    "400": Fault({"status": 400, "times": ALWAYS}, "unexpected"),
    "unknown-fields-and-values": Fault({"kind": "strange", "times": ALWAYS}),
    "offset-expired": Fault({"kind": "expiring", "times": 1}),
    "offset-always-expired": Fault({"kind": "expiring", "times": ALWAYS}, "unavailable"),
    "401-once": Fault({"status": 401, "times": 1}),
    "401-always": Fault({"status": 401, "times": ALWAYS}, "revoked"),
    "403": Fault({"status": 403, "times": ALWAYS}, "forbidden"),
    "404": Fault({"status": 404, "times": ALWAYS}, "not_found"),
}
# The pass goes on with what it is told, which may be too little; the next one mends it.
SPARSE: dict[str, dict[str, Any]] = {
    "missing-fields": {"kind": "bare", "times": ALWAYS},
    "null-names-and-assignees": {"kind": "null", "times": ALWAYS},
}

# A word in place of the fault's own; "" where the pass gets over it by itself.
Words = dict[str, str]
# Asana keeps no event stream for everybody; a complete pass can do without.
NO_EVENTS: Words = {"403-complete": ""}
GONE: Words = {"403": "", "404": ""}
SLOWED: Words = dict.fromkeys(["429-for-30-s", "429-without-retry-after"], "rate_limited")
REFUSED: Words = dict.fromkeys(["400", "401-once", "401-always", "403", "404"], "revoked")


@dataclass(frozen=True)
class Phase:
    """`match` names the requests by the gids of the garden."""

    match: str
    words: Words = field(default_factory=dict)
    # What vanished after it was listed is no trouble to tell of, and gone for the next pass.
    untold: tuple[str, ...] = ()
    has_pages: bool = True
    kinds: tuple[PassKind, ...] = (PassKind.complete, PassKind.catch_up)


PHASES = {
    "token": Phase("oauth_token", REFUSED | SLOWED, has_pages=False),
    "projects": Phase("^/projects$"),
    "people": Phase("^/users$"),
    "events": Phase("^/events$", NO_EVENTS, has_pages=False),
    "sections": Phase("^/projects/{garden}/sections$"),
    "tasks": Phase("^/projects/{garden}/tasks$", kinds=(PassKind.complete,)),
    "subtasks": Phase("^/tasks/{water}/subtasks$", untold=("404",), kinds=(PassKind.complete,)),
    "single-task": Phase("^/tasks/{sow}$", GONE, has_pages=False),
}


@dataclass(frozen=True)
class Cell:
    fault: str
    phase: str
    kind: PassKind

    def __str__(self) -> str:
        return f"{self.fault}-{self.phase}-{self.kind}"

    @property
    def word(self) -> str | None:
        words = PHASES[self.phase].words
        own = "" if self.fault in PHASES[self.phase].untold else words.get(self.fault, FAULTS[self.fault].word)
        return words.get(f"{self.fault}-{self.kind}", own) or None

    @property
    def is_got_over(self) -> bool:
        return not self.word and self.fault not in PHASES[self.phase].untold

    def order(self, scene: Scene) -> None:
        """Tells the sandbox what to do, and makes sure that the token has to be renewed where that is the phase."""
        control = scene.connected.sandbox.control
        if self.phase == "token":
            control.expire_access_tokens()
        control.fail_next(**FAULTS[self.fault].order, match=scene.garden.fill(PHASES[self.phase].match))


def cells() -> list[Cell]:
    return [
        Cell(fault, phase, kind)
        for phase, where in PHASES.items()
        for kind in where.kinds
        for fault in FAULTS
        if where.has_pages or "offset" not in fault
    ]


CELLS = cells()
