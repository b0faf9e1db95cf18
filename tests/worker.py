"""The worker, inside a test: does what is queued and everything that follows from it, then ends."""

from saq import Worker

from app.tasks.queue import open_queue
from app.tasks.worker import FUNCTIONS


async def work() -> None:
    """Without the hooks of the worker process, which would close the connections that the test goes on using."""
    worker = Worker(queue=await open_queue(), functions=FUNCTIONS, burst=True, dequeue_timeout=0.2, concurrency=4)
    await worker.start()
