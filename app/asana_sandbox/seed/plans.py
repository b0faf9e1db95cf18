"""The projects of the company: who is in them, their lists, and what their tasks are about."""

from dataclasses import dataclass, field

KANBAN = ["To do", "In progress", "Waiting", "Done"]
PHASES = ["Preparation", "Doing", "Review"]
PLAIN = ["Untitled section"]


@dataclass
class Plan:
    name: str
    owner: str
    subjects: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=lambda: KANBAN)
    team: str | None = None
    tasks: int = 16
    privacy: str = "public_to_workspace"
    view: str = "list"
    color: str | None = None
    state: str = "open"
    workspace: str = "meridian"


MERIDIAN_PLANS = [
    Plan(
        "Website relaunch",
        "alice",
        ["home page", "pricing page", "navigation", "imprint", "cookie notice", "contact form", "search"],
        members=["bob", "mei", "tomas"],
        tasks=24,
        team="Product",
        color="light-orange",
    ),
    Plan(
        "Mobile app 2.0",
        "tomas",
        ["sign-in screen", "offline mode", "push messages", "settings", "start-up time", "crash reports"],
        members=["jonas", "yuki"],
        teams=["Engineering"],
        tasks=24,
        team="Engineering",
        view="board",
        color="aqua",
    ),
    Plan(
        "Customer onboarding",
        "priya",
        ["welcome mail", "kick-off call", "import guide", "training video", "check list", "first invoice"],
        members=["bob", "alice"],
        sections=["Untitled section", "This week", "Later"],
        tasks=20,
    ),
    Plan(
        "Brand refresh",
        "fatima",
        ["logo", "type specimen", "colour palette", "photo shoot", "slide template", "business cards"],
        teams=["Studio"],
        view="board",
        team="Studio",
        color="magenta",
    ),
    Plan("Q4 planning", "alice", ["budget", "goals", "head count", "road map"], ["priya", "sven"], tasks=12),
    Plan(
        "Hiring",
        "grace",
        ["job advert", "interview plan", "offer letter", "reference calls", "first day"],
        members=["alice"],
        sections=["Open", "Interviews", "Decided"],
        privacy="private_to_team",
        team="Operations",
    ),
    Plan(
        "Office move",
        "sven",
        ["lease", "floor plan", "network cabling", "furniture", "moving day", "coffee machine"],
        teams=["Operations"],
        sections=PHASES,
    ),
    Plan(
        "Security review",
        "jonas",
        ["access list", "password policy", "backups", "laptop encryption"],
        ["tomas"],
        tasks=14,
    ),
    Plan(
        "Data platform",
        "yuki",
        ["event schema", "warehouse load", "dashboards", "retention rules", "nightly job"],
        teams=["Engineering"],
        tasks=24,
        sections=PHASES,
    ),
    Plan("Support rotation", "dana", ["ticket backlog", "macros", "status page"], ["bob", "jonas"], tasks=14),
    Plan("Annual report", "priya", ["figures", "foreword", "portraits", "print run"], ["fatima"], tasks=12),
    Plan(
        "Trade fair Hamburg",
        "grace",
        ["booth", "travel", "giveaways", "demo station", "leads list"],
        members=["olivia", "mei"],
        sections=PHASES,
    ),
    Plan("Partner programme", "priya", ["contract draft", "portal", "commission table"], ["sven"], tasks=14),
    Plan("Pricing study", "alice", ["survey", "competitor table", "price tests"], ["mei"], tasks=12),
    Plan("Newsletter", "mei", ["September issue", "October issue", "subscriber list"], sections=PLAIN, tasks=14),
    Plan("Payroll migration", "sven", ["employee records", "tax codes", "trial run"], sections=PLAIN, tasks=12),
    Plan("Research interviews", "mei", ["recruiting", "question guide", "transcripts"], ["olivia"], tasks=12),
    Plan(
        "Salary review",
        "grace",
        ["bands", "letters", "budget"],
        privacy="private",
        tasks=8,
        sections=PLAIN,
    ),
    Plan("Warehouse sensors", "jonas", ["firmware", "gateway", "battery test"], state="archived", tasks=14),
    Plan("Website relaunch", "mei", ["old home page", "old blog"], state="archived", tasks=8, sections=PLAIN),
    Plan("Summer campaign", "fatima", ["posters", "radio spot", "landing page"], state="completed", tasks=12),
    Plan("  Ideas & <b>odds</b> 🌻 ", "alice", [], ["bob"], sections=["Untitled section", ""], tasks=0),
]

GARDEN_PLANS = [
    Plan(
        "Spring planting",
        "alice",
        ["tulip bulbs", "herb bed", "apple trees"],
        ["ruth"],
        workspace="garden",
        sections=["Untitled section", "March", "April"],
        tasks=12,
    ),
    Plan("Greenhouse", "ruth", ["heating", "broken panes", "tomatoes"], workspace="garden", tasks=8),
    Plan("Empty shelf", "ruth", workspace="garden", sections=PLAIN, tasks=0),
]

# All of them go with anything a task can be about.
VERBS = [
    "Draft",
    "Review",
    "Plan",
    "Check",
    "Prepare",
    "Finish",
    "Discuss",
    "Decide on",
    "Update",
    "Improve",
    "Write up",
    "Collect ideas for",
    "Get feedback on",
    "Estimate",
    "Present",
]

STEPS = [
    "Collect what we have",
    "First draft",
    "Ask for feedback",
    "Work in the feedback",
    "Second pair of eyes",
    "Hand over",
    "Tell everyone",
]

AWKWARD_NAMES = [
    "",
    "   ",
    "x" * 300,
    "🌻🚀 Launch party 👩‍👩‍👧‍👦",
    "مراجعة الميزانية السنوية",
    "בדיקת \u202eהחשבוניות",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd()",
    '=HYPERLINK("http://example.invalid")',
    "@SUM(1+1)",
    "  blanks before and after  ",
    "two\u00a0hard\u00a0blanks",
    "Twins",
    "Twins",
    "O'Brien & Söhne; DROP TABLE tasks; --",
    "Line one\nLine two",
    "null",
    "0",
    "Ends like an old section:",
]
