"""Runs work on what others sent in a process of its own (ADR 0068).

    services = run_confined(UNPACK, content, read, by=user.pk, limits=LIMITS)

The process can take little memory and processor time, writes no file and starts no
other; its work is a function from bytes to bytes. Two run at a time over all processes
of the server, one for each person. What is too much comes back as `NotRead`, in words.

Its answer is foreign too (`amana.answers`): `read` makes of it what is needed, while
the turn is still held, and an answer of another shape is a damaged file. Nothing runs
inside a transaction: on SQLite, it would hold the only lock for writing meanwhile.

`child.py` is what the process runs; the limits are set in it, since those that are set
before a program starts can make the start fail.
"""

import fcntl
import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.confined.child import NO_MEMORY
from amana.errors import Refused

if TYPE_CHECKING:
    from django.db.transaction import Atomic

log = logging.getLogger(__name__)

AT_ONCE = 2
PATIENCE = 10
"""Seconds for which one waits for a turn."""
FOR_ONES_OWN = 2
"""Seconds for which one waits for another file of one's own: each wait keeps a thread,
and one account has many files to send."""
PEOPLE = 64
"""Files by which people wait for themselves; two may share one, and then wait too."""
ENVIRONMENT = {"RAYON_NUM_THREADS": "1"}
"""Typst starts a thread for each core, and each takes of the memory."""
CHILD = Path(__file__).with_name("child.py")
OUT_OF_MEMORY = (NO_MEMORY, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL)
"""What Python says; how programs in C and Rust end; what the system does."""

BUSY = _(
    "Other files are being read at the moment. Nothing was changed: try again in a "
    "minute."
)
YOURS_IS_READ = _(
    "Another file of yours is still being read. Nothing was changed: try "
    "again when it has been read."
)
TOO_LARGE = _(
    "When unpacked, this file is too large to read. Nothing was changed: "
    "split it into several files, or remove what you don’t need and save it "
    "again."
)
TOO_SLOW = _(
    "This file takes too long to read. Nothing was changed: split it into "
    "several files, or remove what you don’t need and save it again."
)
DAMAGED = _(
    "This file is damaged and can’t be read. Nothing was changed: save it "
    "again, then try once more."
)


class NotRead(Refused):
    """The work was not done, because there was too much of it; says what to do."""


class TooMuch(NotRead):
    """The work would have taken more than its limits."""


@dataclass(frozen=True)
class Limits:
    memory: int
    """MiB."""
    seconds: int
    """Of the processor."""
    answer: int
    """MiB; as much as this kind of work has to tell."""


UNFIT = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What reading an answer raises that has another shape than was agreed."""


def run_confined[T](
    work: str,
    content: bytes,
    read: Callable[[bytes], T],
    *,
    by: int | None,
    limits: Limits,
    language: str = "",
) -> T:
    """Run `work`, written `module:function`, on `content`, and return what `read` finds
    in its answer; `by` is the key of the person who sent it. With a language, the work
    finds Django's translations. Raises NotRead."""
    require_no_transaction()
    with hold_turn(by):
        answer = ask_process(work, content, limits, language)
        try:
            return read(answer)
        except UNFIT as error:
            # The class alone: the message of such an error may quote the file.
            log.error("Confined work %s answered wrongly: %s.", work, type(error))
            raise NotRead(str(DAMAGED)) from None


def require_no_transaction() -> None:
    """Raise RuntimeError inside a transaction: on SQLite it would hold the only lock
    for writing while it waits for a process. A mistake of ours, and loud."""
    from django.db import connections  # work that imports this module needs none

    for connection in connections.all(initialized_only=True):
        if not all(map(is_of_a_test, connection.atomic_blocks)):
            raise RuntimeError("What others sent is read before a transaction begins.")


def ask_process(work: str, content: bytes, limits: Limits, language: str) -> bytes:
    said = [work, limits.memory, limits.seconds, limits.answer, language]
    process = subprocess.Popen(  # noqa: S603 — our own script, no word of the file in it
        [sys.executable, "-I", "-B", str(CHILD), *map(str, said)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(compute_wall_time(limits), end)
    # In a thread, while we read: with both pipes full, each side would wait for the
    # other.
    hand = threading.Thread(
        target=send_content, args=(process.stdin, content), daemon=True
    )
    with process:
        clock.start()
        hand.start()
        try:
            answer = process.stdout.read((limits.answer << 20) + 1)
            if len(answer) > limits.answer << 20:
                process.kill()
            process.wait()
        finally:
            process.kill()
            clock.cancel()
            hand.join()
    if late.is_set() or process.returncode == -signal.SIGXCPU:
        raise TooMuch(str(TOO_SLOW))
    if len(answer) > limits.answer << 20 or process.returncode in OUT_OF_MEMORY:
        raise TooMuch(str(TOO_LARGE))
    if process.returncode:
        log.error("Confined work %s ended with %s.", work, process.returncode)
        raise NotRead(str(DAMAGED))
    return answer


def compute_wall_time(limits: Limits) -> float:
    """Compute the seconds that it may last: it may have to wait for others."""
    return limits.seconds * 2 + 5


def send_content(to: IO[bytes], content: bytes) -> None:
    """Send the content; a process may end before it has read all."""
    with suppress(BrokenPipeError), to:
        to.write(content)


def is_of_a_test(block: "Atomic") -> bool:
    """Check, as Django itself does, whether a test opened this block around
    everything."""
    return bool(getattr(block, "_from_testcase", False))


# --- whose turn it is


@contextmanager
def hold_turn(by: int | None) -> Iterator[None]:
    """Wait for the person's other file, then for one of the two places."""
    now = time.monotonic()
    settings.CONFINED_TURNS.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        if by is not None:
            own = [f"person-{by % PEOPLE}"]
            # Their own turn first: who waits for that must not hold one of the two
            # places.
            held.enter_context(hold_place(own, now + FOR_ONES_OWN, YOURS_IS_READ))
        else:  # the public shares one turn, so that it never takes both places
            held.enter_context(hold_place(["public"], now + FOR_ONES_OWN, BUSY))
        held.enter_context(
            hold_place([f"place-{n}" for n in range(AT_ONCE)], now + PATIENCE, BUSY)
        )
        yield


@contextmanager
def hold_place(
    names: Sequence[str], until: float, otherwise: str | Promise
) -> Iterator[None]:
    """Hold the lock of one of these files; it ends with the process that holds it."""
    with ExitStack() as opened:
        files = [
            opened.enter_context((settings.CONFINED_TURNS / name).open("w"))
            for name in names
        ]
        while not any(map(try_lock, files)):
            if time.monotonic() > until:
                raise NotRead(str(otherwise))
            time.sleep(0.02)
        yield


def try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
