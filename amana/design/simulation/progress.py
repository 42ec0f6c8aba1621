"""Long work that reports how far it is, to a reader who may leave."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event

from amana.design.simulation.simulator import Progress


class SimulationStopped(Exception):
    """No one waits for it any more."""


def run_with_progress[T](
    work: Callable[[Progress], T],
) -> Generator[tuple[int, int], None, T]:
    """Yield how much of how much is done; return what was found.

    When the generator is closed, the work ends the next time that it reports
    progress."""
    news: SimpleQueue[tuple[int, int] | None] = SimpleQueue()
    nobody_waits = Event()

    def progress(done: int, of: int) -> None:
        if nobody_waits.is_set():
            raise SimulationStopped
        news.put((done, of))

    # In a thread of its own, so that its progress can be sent on at once.
    with ThreadPoolExecutor(max_workers=1) as beside:
        doing = beside.submit(work, progress)
        # None ends the loop below also where the work has failed; `result` then raises
        # here.
        doing.add_done_callback(lambda _: news.put(None))
        try:
            while (so_far := news.get()) is not None:
                yield so_far
        finally:
            nobody_waits.set()
    return doing.result()
