"""The pages of the help, and which one tells of the page that a person is on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """`name` stands in the address; the pages below `prefixes` lead to it."""

    name: str
    title: str
    summary: str
    prefixes: tuple[str, ...]
    for_administrators: bool = False

    @property
    def path(self) -> str:
        return f"/help/{self.name}"


AREAS = (
    Area(
        "timesheet",
        "Timesheet",
        "Start and stop the timer, add by hand what you did, and put it right.",
        ("/timesheet", "/timer", "/entries", "/picker", "/tags"),
    ),
    Area("week", "Week", "Hours of a whole week, typed into a table.", ("/timesheet/week",)),
    Area("projects", "Projects", "Find tasks, see the time on them, and who may track it.", ("/projects",)),
    Area("asana", "Asana", "What comes from Asana, how fresh it is, and what is archived.", ("/integrations",)),
    Area("people", "People", "Invite people, and say what each may do.", ("/people",), for_administrators=True),
    Area("keyboard", "Keyboard", "All keys in one list, and how to turn them off.", ()),
)


def areas_for(*, is_administrator: bool) -> list[Area]:
    return [area for area in AREAS if is_administrator or not area.for_administrators]


def area_called(name: str) -> Area | None:
    return next((area for area in AREAS if area.name == name), None)


def help_path(path: str, *, is_administrator: bool) -> str:
    """The help about the page of that path, by the closest prefix; the list of all where there is none about it."""
    areas = areas_for(is_administrator=is_administrator)
    near = [(len(prefix), area.path) for area in areas for prefix in area.prefixes if is_below(path, prefix)]
    return max(near)[1] if near else "/help"


def is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")
