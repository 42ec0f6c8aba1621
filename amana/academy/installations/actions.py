"""A practice installation: opened by a learner, shared with a group, closed, and
forgotten."""

import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.installations import rules
from amana.academy.installations.learner_accounts import MOST_LEARNERS
from amana.academy.installations.models import (
    PracticeInstallation,
    PracticePlace,
    get_folder_of_practice,
)
from amana.academy.sandboxes import processes
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log

MECHANISM: Path = settings.ROOT / "mechanisms" / "example"
"""The country in which everyone practises."""
LANGUAGES = ("en", "fr", "ar")
"""Those of its mechanism."""
KEPT = timedelta(days=180)
"""So long after the last visit it is removed."""
MOST_KEPT = 200
"""On one server: each has some 40 MB, and stops storing at 400 MB."""
ROOM = 1024 * 1024 * 1024
"""Bytes that have to be free on the disk to open one."""


def find_place(enrolment: Enrolment) -> PracticePlace | None:
    """Find where a learner practises."""
    # By the person: a newer version of the course is another enrolment.
    places = PracticePlace.objects.filter(
        enrolment__person=enrolment.person_id,
        enrolment__version__course=enrolment.version.course_id,
        installation__forgotten_at=None,
    )
    return places.select_related("installation").order_by("-taken_at").first()


def hold(enrolment: Enrolment) -> None:
    """Have two requests of a learner take turns, so that both find what the first has
    done."""
    people = User.objects.select_for_update(no_key=True)
    people.get(pk=enrolment.person_id)


@transaction.atomic
def open_installation(enrolment: Enrolment, *, by: User) -> PracticePlace:
    """Open a practice installation; it is built when someone first comes in."""
    learn.require(by, enrolment)
    hold(enrolment)
    if find_place(enrolment):
        raise Refused(_("You already have a practice installation."))
    require_cohort(by)
    require_space()
    wanted = translation.get_language() or ""
    language = wanted if wanted in LANGUAGES else LANGUAGES[0]
    installation = PracticeInstallation.objects.create(language=language)
    place = PracticePlace.objects.create(installation=installation, enrolment=enrolment)
    log.record("opened practice installation", installation, by=by)
    installation.folder.create(
        None,
        MECHANISM,
        areas=MECHANISM / "areas.geojson",
        plan={"language": language, "zone": settings.TIME_ZONE},
    )
    return place


def require_cohort(user: User) -> None:
    """Refuse who only learns and is in no cohort: an account costs nothing, and each
    installation takes room from others."""
    if user.only_learns and not user.applications.taking_part().exists():
        raise Refused(
            _(
                "A practice installation is for those who take part in a cohort. Enrol "
                "in one first."
            )
        )


def require_space() -> None:
    """Refuse to open one more than this server can keep."""
    if PracticeInstallation.objects.kept().count() >= MOST_KEPT:
        raise Refused(
            _(
                "This server keeps %(most)s practice installations at most, and has as "
                "many. Ask those who run it to have unused ones closed."
            )
            % {"most": MOST_KEPT}
        )
    folder = get_folder_of_practice()
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < ROOM:
        raise Refused(
            _("The disk of this server is nearly full. Ask those who run it for room.")
        )


@transaction.atomic
def join_installation(enrolment: Enrolment, code: str, *, by: User) -> PracticePlace:
    """Join the installation of a learner of the same course, who told one its code.
    Raises Refused where there is none, or all its accounts are taken."""
    learn.require(by, enrolment)
    hold(enrolment)
    if find_place(enrolment):
        raise Refused(_("You already have a practice installation."))
    installation = find_by_code(enrolment, code)
    taken = set(installation.places.values_list("number", flat=True))
    free = next((n for n in range(1, MOST_LEARNERS + 1) if n not in taken), None)
    if free is None:
        raise Refused(
            _("At most %(most)s people practise in one installation.")
            % {"most": MOST_LEARNERS}
        )
    try:
        with transaction.atomic():
            place = PracticePlace.objects.create(
                installation=installation, enrolment=enrolment, number=free
            )
    except IntegrityError as error:
        raise Changed(_("Someone else joined a moment ago. Try again.")) from error
    log.record("joined practice installation", installation, by=by)
    return place


def find_by_code(enrolment: Enrolment, code: str) -> PracticeInstallation:
    found = PracticeInstallation.objects.kept().filter(
        joining_code=code.strip().lower(),
        places__enrolment__version__course=enrolment.version.course_id,
    )
    installation = found.distinct().first()
    if installation is None:
        raise Refused(
            _(
                "No practice installation of this course has this code. Ask for it "
                "again."
            )
        )
    return installation


@transaction.atomic
def leave(place: PracticePlace, *, by: User) -> None:
    """Leave a group's installation, which stays to the others."""
    learn.require(by, place.enrolment)
    if place.number == 1:
        raise Refused(_("You have opened it. Close it, and the others lose it too."))
    log.record("left practice installation", place.installation, by=by)
    place.delete()


def note_visit(installation: PracticeInstallation) -> None:
    """Note that someone came today: by this it is kept."""
    today = timezone.localdate()
    if installation.visited_on != today:
        kept = PracticeInstallation.objects.filter(pk=installation.pk)
        kept.update(visited_on=today)


def close(installation: PracticeInstallation, *, by: User) -> None:
    """Close it and remove all that was made in it; what was handed in stays. Raises
    Refused where its process does not end in time."""
    rules.close_installation.require(by, installation)
    # First from the disk, then from the list: cut off between the two, it is closed
    # once more.
    _remove(installation)
    _note_closed(installation, by=by)


@transaction.atomic
def _note_closed(installation: PracticeInstallation, *, by: User) -> None:
    _forget(installation)
    log.record("closed practice installation", installation, by=by)


def forget_old() -> None:
    """Remove those that no one visits any more, and those of no one."""
    unused = PracticeInstallation.objects.kept().filter(
        visited_on__lt=timezone.localdate() - KEPT
    )
    empty = PracticeInstallation.objects.kept().filter(places=None)
    long_ago = timezone.localdate() - 2 * KEPT
    for installation in unused | empty:
        # What is not here may be on another server, where this timer runs another day.
        is_long_over = installation.visited_on < long_ago
        if installation.folder.path.exists() or is_long_over:
            forget(installation)


def forget(installation: PracticeInstallation) -> None:
    """Remove one that is not needed any more."""
    _remove(installation)
    _note_forgotten(installation)


@transaction.atomic
def _note_forgotten(installation: PracticeInstallation) -> None:
    _forget(installation)
    log.record("forgot practice installation", installation, by=None)


def _remove(installation: PracticeInstallation) -> None:
    """Remove it from the disk first: what is left there must not be thought gone.
    Raises OSError or Refused where something stays."""
    # In no transaction: no one could write on SQLite until its process has ended.
    if installation.folder.path.exists():
        try:
            processes.stop(installation.folder)
        except processes.StillRunning as error:
            raise Refused(_("It is still at work. Try again in a minute.")) from error
        installation.folder.remove()


def _forget(installation: PracticeInstallation) -> None:
    kept = PracticeInstallation.objects.filter(pk=installation.pk, forgotten_at=None)
    if not kept.update(forgotten_at=timezone.now()):
        raise Changed(_("This practice installation is already closed."))
