"""What search finds by. It follows what happens after a while, as Asana's own does after 10 to 60 seconds.

https://developers.asana.com/reference/searchtasksforworkspace
"""

from collections import deque
from collections.abc import Iterable
from copy import copy
from datetime import datetime, timedelta

from .model import Event, Gid, Task
from .world import World


class SearchIndex:
    def __init__(self, world: World) -> None:
        self._world = world
        self._lag = timedelta(0)
        self._documents: dict[Gid, Task] = {}
        self._waiting: deque[tuple[datetime, Gid]] = deque()

    def set_lag(self, seconds: float) -> None:
        """Zero, as in the beginning, for an index that is always current."""
        with self._world.lock:
            self.forget()
            self._lag = timedelta(seconds=seconds)
            if seconds:
                self._documents = {gid: _document(task) for gid, task in self._world.state.tasks.items()}
                self._world.listeners.append(self._on_event)

    def forget(self) -> None:
        self._lag = timedelta(0)
        self._documents = {}
        self._waiting.clear()
        if self._on_event in self._world.listeners:
            self._world.listeners.remove(self._on_event)

    def documents(self) -> Iterable[Task]:
        """Every task as it was when it was last indexed."""
        if not self._lag:
            return self._world.state.tasks.values()
        now = self._world.clock()
        while self._waiting and self._waiting[0][0] <= now:
            _, gid = self._waiting.popleft()
            self._documents[gid] = _document(self._world.task(gid))
        return self._documents.values()

    def _on_event(self, event: Event) -> None:
        if event.resource.resource_type == "task":
            self._waiting.append((self._world.clock() + self._lag, event.resource.gid))


def _document(task: Task) -> Task:
    document = copy(task)
    document.places = dict(task.places)
    return document
