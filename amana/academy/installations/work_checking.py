"""Takes what was made out of a practice installation, and has it checked: as another
installation would read it, in a process of its own."""

import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from amana.academy.courses.content import load_content
from amana.academy.courses.models import Enrolment
from amana.academy.courses.pages.progress_display import build_page_url
from amana.academy.installations.engine import practice_work, work_checks
from amana.academy.installations.engine.findings import CheckResult
from amana.academy.installations.engine.practice_work import UnreadableWork
from amana.academy.installations.models import PracticePlace
from amana.academy.sandboxes import relay
from amana.design.mechanism import pack_memory, sent
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.pack_model import Pack
from amana.errors import Refused
from amana.faults import Fault

MOST_BYTES = 12 * 1024 * 1024
"""Of a piece of work as it is kept with what was handed in."""
MADE_AT = "practice/made"
"""Where the installation sends it."""

MISSHAPEN = (
    *(UnreadableWork, AttributeError, KeyError, TypeError, ValueError),
    *(RecursionError, RuntimeError, zlib.error),
)
"""What comes of a file that is not as our own installations write it."""

problems = logging.getLogger(__name__)

type Files = Mapping[str, bytes]


@dataclass(frozen=True)
class CheckedWork:
    """What was taken out, and what the checks found in it."""

    content: bytes
    results: list[CheckResult]

    @property
    def is_met(self) -> bool:
        return all(result.is_met for result in self.results)


def list_asked(enrolment: Enrolment, module: str) -> list[dict[str, Any]]:
    """List the checks that the assignment of a module names; empty where it is not made
    in practice."""
    found = load_content(enrolment.version).module(module)
    if found is None or not found.assignment:
        return []
    return list(found.assignment.get("checks", ()))


def take_out(request: HttpRequest, place: PracticePlace, module: str) -> bytes:
    """Take the work for a module out of the installation. Raises relay.NotAnswering
    where its process does not run."""
    parts = work_checks.list_parts(list_asked(place.enrolment, module))
    query = urlencode([("part", part.value) for part in parts])
    content = relay.fetch(
        request,
        place.installation,
        account=place.account,
        path=f"/{MADE_AT}?{query}",
        most=MOST_BYTES,
    )
    if len(content) > MOST_BYTES:
        raise Refused(
            _("What you made is larger than %(most)s MB. Remove files from the draft.")
            % {"most": MOST_BYTES // (1024 * 1024)}
        )
    return content


def check(
    place: PracticePlace, module: str, content: bytes, words: str, *, by: int
) -> CheckedWork:
    """Check what was taken out for a module, with the page that comes with it. `by` is
    the key of the person who hands it in."""
    try:
        taken = practice_work.read_bundle(content)
        pack, faults = read_mechanism(taken, by=by)
        work = practice_work.build_work(taken, words=words, pack=pack, faults=faults)
        base = load_base(place.installation.folder.mechanism)
        asked = list_asked(place.enrolment, module)
        return CheckedWork(content, work_checks.run_checks(asked, work, base))
    except MISSHAPEN as error:
        # Or a mistake of ours in a check, which someone has to learn of.
        problems.exception("Work of module %s could not be checked.", module)
        raise Refused(_("What was made can’t be read. Try again.")) from error


def read_mechanism(taken: Files, *, by: int) -> tuple[Pack | None, Sequence[Fault]]:
    """Read the mechanism as the page reads it by which an installation loads one."""
    packed = taken.get("mechanism.zip")
    if packed is None:
        return None, ()
    digest = sha256(packed).hexdigest()
    if digest not in _read:
        given, faults = sent.read_zip(packed, by=by)
        found = (None, faults) if given is None else reading.read_pack(given)
        # Checked again and again while the page is written: read once for each wording.
        pack_memory.keep_in_memory(_read, digest, found)
    return _read[digest]


_read: dict[str, tuple[Pack | None, Sequence[Fault]]] = {}


# The mechanism of a folder never changes.
@lru_cache(maxsize=8)
def load_base(folder: Path) -> Pack:
    """Load the mechanism from which the practice installation began."""
    pack, faults = reading.read_pack(files.read_folder(folder))
    assert pack is not None, faults
    return pack


def build_inside_url(place: PracticePlace, where: str) -> str:
    """Build the address of a page of the installation by its name; its desk where it
    has no such page."""
    page = build_page_url(where)
    return f"{place.installation.prefix}{page or '/practice/'}"
