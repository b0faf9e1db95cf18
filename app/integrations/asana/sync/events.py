"""What Asana says has happened in a project since we last asked: hints of what to read again, never the news itself.

One action makes several events, a few may be lost, and their fields are told in part. So an event names an object, and
what that object is like now is asked for. https://developers.asana.com/docs/events-guide
"""

from dataclasses import dataclass, field

from app.integrations.asana.answers import Event
from app.integrations.asana.client import AsanaClient
from app.integrations.asana.errors import SyncTokenExpired

# With more pages of events than these, reading the project anew is no more work.
MOST_PAGES = 10

# Fields of tasks of which nothing is kept here. An unknown one counts as of interest.
OF_NO_INTEREST = {
    "actual_time_minutes", "approval_status", "attachments", "custom_fields", "dependencies", "dependents", "due_at",
    "due_on", "followers", "hearted", "hearts", "html_notes", "liked", "likes", "notes", "num_hearts", "num_likes",
    "start_at", "start_on",
}  # fmt: skip
OF_KEYWORDS = {"tags"}


@dataclass
class News:
    """`is_lost`: the stream could not tell, so all of the project has to be read, from `token` on."""

    project: str
    token: str | None
    is_lost: bool = False
    tasks: set[str] = field(default_factory=set)
    of_lists: bool = False
    of_members: bool = False

    @property
    def is_quiet(self) -> bool:
        return not (self.is_lost or self.tasks or self.of_lists or self.of_members)

    def note(self, event: Event, ignored: set[str]) -> None:
        if event.resource is None or event.resource.resource_type is None:
            self.is_lost = True  # Something happened, and nobody says to what.
            return
        match event.resource.resource_type:
            case "task":
                if not (event.action == "changed" and event.change and event.change.field in ignored):
                    self.tasks.add(event.resource.gid)
            case "section":
                self.of_lists = True
            case "project_membership" | "membership":
                self.of_members = True


async def news_of(client: AsanaClient, project: str, token: str | None, *, keywords: bool) -> News:
    """Asks the stream of one project to its end. Raises from `AsanaError` as the client does."""
    ignored = OF_NO_INTEREST if keywords else OF_NO_INTEREST | OF_KEYWORDS
    news = News(project, token)
    try:
        for _ in range(MOST_PAGES if token else 0):
            events = await client.events(project, news.token or "")
            news.token = events.sync
            for event in events.data:
                news.note(event, ignored)
            if not events.has_more:
                return news
    except SyncTokenExpired as told:
        return News(project, told.sync, is_lost=True)
    return News(project, await client.event_token(project), is_lost=True)
