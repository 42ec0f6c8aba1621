"""Compare what was asked with one's own cards, and answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases.models.case_record import Case
from amana.care.cases.rules import see_case
from amana.care.known_elsewhere.actions.enquiring import (
    AT_ONCE,
    NO_CASE,
    PART,
    SHOWN,
    STRONG,
    build_contact,
    fill_to_size,
)
from amana.care.known_elsewhere.models import IdentityEnquiry
from amana.care.known_elsewhere.rules import hear_question
from amana.errors import Changed
from amana.trust.access import tasks
from amana.trust.access.models.organisations import Team, User
from amana.trust.audit import log
from amana.trust.vault import cards, parcels
from amana.trust.vault.altered import Tampered
from amana.trust.vault.cards import CardMatch


@transaction.atomic
def compare_waiting(*, by: User) -> int:
    """Compare what waits for the teams that one answers for, and count it.

    It leaves one form, whatever was found: the words that were asked are gone, a parcel
    for those who help her, and one for those who asked, with nothing in it yet.
    """
    waiting = hear_question.among(IdentityEnquiry.objects.uncompared(), by)
    # Two colleagues who open the page at once share the work: neither waits for the
    # other.
    locked = waiting.select_for_update(of=["self"], skip_locked=True)
    questions = list(
        locked.select_related("asked", "case__team__organisation").order_by("asked_at")[
            :AT_ONCE
        ]
    )
    for question in questions:
        _compare(question, by=by)
    return len(questions)


def _compare(question: IdentityEnquiry, *, by: User) -> None:
    try:
        content = _opened(question.pk, by=by)
    except Tampered:  # which is told; the other questions are compared all the same
        return
    if not content:  # sealed to an epoch that this person has not got yet
        return
    hit = _known(content["person"], question.asked, by=by)
    found = {
        "case": hit.case.hex if hit else "",
        "agrees": list(hit.agrees) if hit else [],
        "contact": content["contact"] if hit else {},
        "answered_by": None,
    }
    parcels.rewrite(question.pk, {PART: fill_to_size(found)}, by=by)
    _reply(question, {"contact": {}}, by=by)
    IdentityEnquiry.objects.filter(pk=question.pk).update(compared_at=timezone.now())
    log.record("compared question", question, by=by)


def _known(person: Mapping[str, Any], team: Team, *, by: User) -> CardMatch | None:
    """Find the likeliest of the team's cases, where a name and something rarer agree. A
    case that is kept to named people is never found.
    """
    hits = cards.match_unseen(person, by=by, cases=Q(team_key__team=team))
    return next((hit for hit in hits if is_strong(hit)), None)


def is_strong(hit: CardMatch) -> bool:
    return "name" in hit.agrees and not STRONG.isdisjoint(hit.agrees)


def _opened(about: UUID, *, by: User) -> dict[str, Any]:
    opened = parcels.open_parcel(about, [PART], by=by, purpose="known elsewhere")
    return opened.get(PART, {})


def _reply(question: IdentityEnquiry, content: Mapping[str, Any], *, by: User) -> None:
    parcels.seal(
        question.reply,
        {PART: fill_to_size(content)},
        to=question.case.team,
        sender=question.asked,
        by=by,
    )


@dataclass(frozen=True)
class ComparedEnquiry:
    """A question with what its comparison found, as far as the reader may see that."""

    question: IdentityEnquiry
    contact: dict[str, str]
    case: Case | None
    """None: nothing was found, or a case that is not for this reader."""
    answered: bool

    @property
    def fields(self) -> dict[str, UUID]:
        """The hidden fields of a form that answers it."""
        return {"question": self.question.pk}


@transaction.atomic
def review_questions(
    *, by: User, answering: UUID | None = None
) -> list[ComparedEnquiry]:
    """Go through the questions that the teams of `by` were asked; return those about a
    person whose case `by` may open.

    Each time, all of them are sealed again with their replies, and the log has it as
    the same event. An answer (`answering` one of them) does the same, and one reply
    then names whom to call: so neither the log nor the tables distinguish it from an
    answer of none.
    """
    compare_waiting(by=by)
    compared = IdentityEnquiry.objects.open().filter(compared_at__isnull=False)
    heard = hear_question.among(compared, by).order_by("-asked_at", "pk")[:SHOWN]
    locked = IdentityEnquiry.objects.filter(
        pk__in=list(heard.values_list("pk", flat=True))
    )
    questions = list(
        locked.select_for_update(of=["self"])
        .select_related("asked__organisation", "case__team__organisation")
        .order_by("-asked_at", "pk")
    )
    found = [seen for q in questions if (seen := _looked(q, answering, by=by))]
    IdentityEnquiry.objects.filter(pk__in=[q.pk for q in questions]).update(
        looked_at=timezone.now()
    )
    log.record("looked at questions", by=by, count=len(questions))
    return [seen for seen in found if seen.case]


def _looked(
    question: IdentityEnquiry, answering: UUID | None, *, by: User
) -> ComparedEnquiry | None:
    """Seal one again with its reply. None: it was altered, or is sealed to an epoch
    that this person has not got yet.
    """
    try:
        content = _opened(question.pk, by=by)
    except Tampered:
        return None
    if not content:
        return None
    case = _case_found(content, by=by)
    if case and question.pk == answering:
        content["answered_by"] = by.pk
    parcels.rewrite(question.pk, {PART: fill_to_size(content)}, by=by)
    parcels.destroy(question.reply)
    who = User.objects.filter(pk=content["answered_by"] or 0).first()
    told = build_contact(question.asked, who) if who else {}
    _reply(question, {"contact": told}, by=by)
    return ComparedEnquiry(question, content["contact"], case, answered=who is not None)


def _case_found(content: Mapping[str, Any], *, by: User) -> Case | None:
    """Find the case that was found, for those who may see it."""
    # A query runs either way: their number must not show whether a case was found.
    pk = UUID(content["case"] or NO_CASE)
    return see_case.among(Case.objects.filter(pk=pk), by).first()


@transaction.atomic
def answer_question(question: IdentityEnquiry, *, by: User) -> list[ComparedEnquiry]:
    """Give those who asked a contact to call, and nothing of what is known. Return what
    the page shows.
    """
    hear_question.require(by, question)
    heard = review_questions(by=by, answering=question.pk)
    if question.pk not in {seen.question.pk for seen in heard}:
        raise Changed(_("This question can no longer be answered."))
    return heard


def notify_askers() -> int:
    """Notify those whose question was opened since they were last notified, whether
    anyone answered or not; count the questions.
    """
    seen = IdentityEnquiry.objects.open().filter(looked_at__isnull=False)
    due = seen.filter(Q(told_at=None) | Q(told_at__lt=F("looked_at")))
    with transaction.atomic():
        told = list(due.select_for_update(skip_locked=True).order_by("pk"))
        now = timezone.now()
        IdentityEnquiry.objects.filter(pk__in=[q.pk for q in told]).update(told_at=now)
        tasks.notify_once_committed(sorted({q.asked_by_id for q in told}))
    return len(told)


def read_reply(question: IdentityEnquiry, *, by: User) -> dict[str, str]:
    """Read whom to call there, once they have answered; empty until then. Where it was
    `altered`, the sentence that reports it.
    """
    try:
        content = _opened(question.reply, by=by)
    except Tampered as error:
        return {"altered": str(error)}
    contact: dict[str, str] = content.get("contact") or {}
    return contact
