"""Answers: a code is used up, each answer becomes a fact of its own, words are sealed.

The log does not record that a person answered, and no row holds when within the month
it was, nor which answers came together (ADR 0026)."""

from collections.abc import Mapping
from datetime import date
from secrets import SystemRandom
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.facts import actions as facts
from amana.insight.feedback import sealing
from amana.insight.feedback.actions.feedback_doors import compute_digest, find_desk
from amana.insight.feedback.models import (
    DeskDuty,
    FeedbackDoor,
    Kiosk,
    Slip,
    Voice,
    WaitingVoice,
)
from amana.insight.feedback.questions import (
    FeedbackAnswer,
    SlipMoment,
    get_fact_kind,
    get_questions,
)
from amana.insight.feedback.rules import write_for_person
from amana.trust.access.codes import MisreadCode
from amana.trust.access.models import Organisation, User
from amana.trust.audit import log
from amana.trust.vault import erasure

TOGETHER = 5
"""So many people's words are laid among the others at once."""

LONGEST = 3_000

type Answers = Mapping[str, str]


def get_slip(code: str) -> Slip:
    """Get the slip with this code, while it is unused. Raises Refused."""
    try:
        found = Slip.objects.valid(timezone.localdate()).filter(
            code=compute_digest(code)
        )
    except MisreadCode:
        raise Refused(_("This code is not right. Check every letter again.")) from None
    slip = found.select_related("about").first()
    if slip is None:
        raise Refused(_("This code was used before or has expired."))
    return slip


def find_kiosk(code: str) -> Kiosk | None:
    try:
        found = Kiosk.objects.standing().filter(code=compute_digest(code))
    except MisreadCode:
        return None
    return found.select_related("about").first()


@transaction.atomic
def answer_with_slip(code: str, answers: Answers, words: str = "") -> None:
    """Take what a person answers with a slip, which is used up by it."""
    _take(get_slip(code), FeedbackDoor.SLIP, answers, words)


@transaction.atomic
def answer_at_kiosk(kiosk: Kiosk, answers: Answers, words: str = "") -> None:
    _take(kiosk, FeedbackDoor.KIOSK, answers, words)


@transaction.atomic
def answer_by_voice(code: str, answers: Answers, words: str = "", *, by: User) -> None:
    """Take what a colleague who works elsewhere writes for a person who speaks it."""
    slip = get_slip(code)
    write_for_person.require(by, slip)
    _take(slip, FeedbackDoor.SPOKEN, answers, words)
    log.record("wrote down feedback", by=by)


def _take(asks: Slip | Kiosk, door: FeedbackDoor, answers: Answers, words: str) -> None:
    month = timezone.localdate().replace(day=1)
    _keep(words.strip(), asks.about, month, door)
    # In this transaction: a code that outlives its answers could be used twice, and one
    # that goes before would be lost with a failure.
    if isinstance(asks, Slip):
        _use_up(asks)
    about, moment = asks.about, get_moment(asks)
    facts.record_pending_observations(
        [
            (
                get_fact_kind(moment),
                build_fact(about, moment, question, said) | {"month": month},
            )
            for question in get_questions(moment)
            if (said := answers.get(question, "")) in FeedbackAnswer.values
        ],
        # A fresh number: the batch learns that these are of one person, not of whom
        # (ADR 23).
        person=uuid4(),
    )
    erasure.clear_traces()  # else a log tells which slip and which words came together


def is_read(about: Organisation) -> bool:
    """Check whether a team of elsewhere reads what people write about this
    organisation."""
    return find_desk(DeskDuty.FEEDBACK, about) is not None


def get_moment(asks: Slip | Kiosk) -> str:
    return asks.moment if isinstance(asks, Slip) else SlipMoment.HELP


def _keep(words: str, about: Organisation, month: date, door: FeedbackDoor) -> None:
    """Keep the words; refused, rather than lost, where no one independent could read
    them."""
    if not words:
        return
    desk = find_desk(DeskDuty.FEEDBACK, about)
    if desk is None:
        raise Refused(
            _(
                "No one here can read your own words, so nothing was sent. Send your "
                "answers without them."
            )
        )
    waiting = WaitingVoice(about=about, month=month, door=door)
    sealing.seal_words(waiting, words[:LONGEST], to=desk.team_id)
    waiting.save(force_insert=True)


def _use_up(slip: Slip) -> None:
    """Use up the slip: of two at once, one alone finds it."""
    gone, _rows = Slip.objects.filter(pk=slip.pk).delete()
    if not gone:
        raise Refused(_("This code was used before or has expired."))


def build_fact(
    about: Organisation, moment: str, question: str, said: str
) -> dict[str, str]:
    return {
        "result": said,
        "topic": str(question),
        "reason": "" if moment == SlipMoment.HELP else moment,
        "sector": about.sphere,
        "agency": facts.build_agency_code(about),
    }


# --- so that no order tells who said what


@transaction.atomic
def mix_words() -> int:
    """Lay new words among those that can be read, in an order drawn by lot, once there
    are enough, or their month is over; how many."""
    this_month = timezone.localdate().replace(day=1)
    found = list(WaitingVoice.objects.select_for_update(of=["self"], no_key=True))
    if not _enough(found, this_month):
        return 0
    # By lot, since the order in which words came would tell who wrote which (ADR 26).
    SystemRandom().shuffle(found)
    # Moved as they are sealed: the clock has no key that opens them.
    columns = [f.attname for f in WaitingVoice._meta.concrete_fields]
    Voice.objects.bulk_create(
        [
            Voice(**{name: getattr(waiting, name) for name in columns})
            for waiting in found
        ]
    )
    WaitingVoice.objects.filter(pk__in=[waiting.pk for waiting in found]).delete()
    erasure.clear_traces()
    return len(found)


def _enough(found: list[WaitingVoice], this_month: date) -> bool:
    return len(found) >= TOGETHER or any(
        waiting.month < this_month for waiting in found
    )
