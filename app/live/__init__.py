"""Telling open pages at once that something of theirs changed, wherever it was done.

PostgreSQL tells every web process (listening.py), each knows who listens to it (streams.py), and a browser listens at
GET /live (controllers.py). Nothing but signals travels this way: what changed, a page asks for like any other.
"""

from app.live.listening import listening
from app.live.streams import STREAMS

__all__ = ["STREAMS", "listening"]
