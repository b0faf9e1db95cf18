"""The worker, inside a test: does what is queued and everything that follows from it, then ends."""

from saq import Worker

from app.tasks.queue import open_queue
from app.tasks.worker import FUNCTIONS

# A process that is held up for this long, in seconds, takes the queue for empty.
LOOKS_FOR = 0.1
MOST_ROUNDS = 50


async def work() -> None:
    """Without the hooks of the worker process, which would close the connections that the test goes on using."""
    queue = await open_queue()
    for _ in range(MOST_ROUNDS):
        await Worker(queue=queue, functions=FUNCTIONS, burst=True, dequeue_timeout=LOOKS_FOR, concurrency=4).start()
        if not await queue.count("queued") + await queue.count("active"):
            return
    raise AssertionError("Something stays in the queue.")
