"""Ask whether a person is known elsewhere, compare, answer, end.

The server compares, in a request of the team that was asked, since only their keys open
their cards. Those who ask get the same page, in the same time, whether she is known
there or not; so does everyone there but those who help her. An answer leaves the same
in the log, the tables and the mail as a look that answers nothing; only the session
and a web server's access log see that it was a POST."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import card
from amana.care.cases.models import Case
from amana.care.cases.rules import see_case
from amana.care.consent import guardianship
from amana.care.consent.models import Consent
from amana.care.consent.sealed import SEALED_IN, build_fill
from amana.care.known_elsewhere import enquiry_text
from amana.care.known_elsewhere.models import LASTS, IdentityEnquiry
from amana.care.known_elsewhere.rules import (
    ask_elsewhere,
    be_asked,
    hear_question,
    withdraw_question,
)
from amana.errors import Changed, Refused
from amana.trust.access import tasks
from amana.trust.access.models import ANSWERING, Team, User
from amana.trust.audit import log
from amana.trust.vault import cards, documents, parcels
from amana.trust.vault.altered import Tampered
from amana.trust.vault.cards import CardMatch
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import RECORD

PART = Compartment.IDENTITY
SIZE = 3000
"""So long is what is sealed, in bytes, whatever it says."""
COMPARED = ("name", "other_names", "birth_date", "age", "phone")
LONGEST_WORD = 120
EACH_DAY, TEAM_EACH_DAY = 5, 20
"""Questions of one person, and of their team, in 24 hours: those who try names that
way get nowhere."""
AT_ONCE = 25
"""Questions compared in one request."""
SHOWN = 20
"""Questions gone through at each look, the newest first."""
NO_CASE = UUID(int=0).hex
"""Asked for where none was found: as many queries as where one was."""
STRONG = frozenset({"phone", "birth_date"})
"""Besides a name, one of these has to agree. A name is shared by many, and a telephone
by a family, or by those whom one trafficker holds: either alone tells of a stranger."""


# --- asking


def is_over_budget(case: Case, *, by: User) -> bool:
    since = timezone.now() - timedelta(hours=24)
    lately = IdentityEnquiry.objects.filter(asked_at__gt=since)
    of_team = lately.filter(case__team=case.team_id).count()
    return lately.filter(asked_by=by).count() >= EACH_DAY or of_team >= TEAM_EACH_DAY


@transaction.atomic
def ask_team(
    case: Case,
    *,
    asked: Team,
    language: str,
    given_by: Consent.GivenBy,
    understood: bool,
    why_alone: str = "",
    by: User,
) -> IdentityEnquiry:
    """Record that the person agreed, and ask. Nothing is revealed to anyone there yet,
    except that a question came. Raises `Refused`.
    """
    ask_elsewhere.require(by, case)
    be_asked.require(by, asked)
    if is_over_budget(case, by=by):
        raise Refused(
            _(
                "You or your team have asked too often in the last 24 hours. "
                "Ask again tomorrow."
            )
        )
    if not understood:
        raise Refused(
            _("Ask the person to explain in their own words what they agree to.")
        )
    records = _records(case, by=by)
    identity = records.get(Compartment.IDENTITY, {})
    giver = Consent.GivenBy(given_by)
    guardianship.require(identity, giver, why_alone=why_alone)
    person = {k: v for k, v in card.list_card_words(records).items() if k in COMPARED}
    if "name" not in person or not STRONG & person.keys():
        raise Refused(
            _("Record a name, and a telephone number or date of birth, before you ask.")
        )
    question = _create(case, asked, by=by)
    heard = enquiry_text.format_text(language, asked=asked)
    answer = {
        "text": heard,
        "given_by": giver,
        "why_alone": why_alone,
        "by": by.name,
        "fill": build_fill(giver, why_alone),
    }
    documents.write(case.pk, SEALED_IN, answer, by=by, name=question.document)
    content = {"person": _shortened(person), "contact": _contact(case.team, by)}
    parcels.seal(
        question.pk, {PART: fill_to_size(content)}, to=asked, sender=case.team, by=by
    )
    log.record("asked whether known elsewhere", question, by=by, case=case.pk)
    roles = [str(role) for role in ANSWERING]
    tell = partial(tasks.notify_team.enqueue, asked.pk, roles, False)
    transaction.on_commit(tell)
    return question


def _create(case: Case, asked: Team, *, by: User) -> IdentityEnquiry:
    now = timezone.now()
    try:
        with transaction.atomic():
            return IdentityEnquiry.objects.create(
                case=case,
                asked=asked,
                asked_by=by,
                asked_at=now,
                expires_at=now + LASTS,
            )
    except IntegrityError as error:
        raise Refused(_("This team has already been asked.")) from error


def _records(case: Case, *, by: User) -> dict[Compartment, Mapping[str, Any]]:
    parts = [Compartment.IDENTITY, Compartment.CONTACT]
    opened = documents.open_documents(
        case.pk, parts, by=by, purpose="known elsewhere", names=[RECORD]
    )
    return {part: document.content for (part, _name), document in opened.items()}


def _shortened(person: Mapping[str, Any]) -> dict[str, Any]:
    """Shorten what is typed without end, which would show in the size."""
    return {
        name: value[:LONGEST_WORD] if isinstance(value, str) else value
        for name, value in person.items()
    }


def _contact(team: Team, user: User) -> dict[str, str]:
    return {
        "name": user.name[:LONGEST_WORD],
        "team": f"{team.organisation.name} · {team.name}"[: 2 * LONGEST_WORD],
        "phone": team.phone[:LONGEST_WORD],
    }


def fill_to_size(content: Mapping[str, Any]) -> dict[str, Any]:
    """Fill the content to exactly `SIZE` bytes, whatever it is."""
    text = json.dumps({**content, "fill": ""}, ensure_ascii=False).encode()
    missing = SIZE - len(text)
    if missing < 0:
        raise Refused(
            _(
                "The person’s details are too long to send. Shorten them in "
                "the case first."
            )
        )
    return {**content, "fill": "." * missing}


# --- comparing


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


# --- looking, and answering


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
    told = _contact(question.asked, who) if who else {}
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


# --- ending


@transaction.atomic
def withdraw(question: IdentityEnquiry, *, by: User) -> None:
    """End a question that the person doesn't want any more."""
    withdraw_question.require(by, question)
    if not _end(question):
        raise Changed(_("This question has already ended."))
    log.record("withdrew question", question, by=by, case=question.case_id)


def end_questions_of_case(case: Case) -> None:
    for question in IdentityEnquiry.objects.filter(case=case, ended_at=None):
        _end(question)


def end_expired(*, limit: int = 500) -> int:
    """Destroy what is sealed in questions whose time is over, and count them."""
    return sum(
        _end(question)
        for question in IdentityEnquiry.objects.over(timezone.now())[:limit]
    )


@transaction.atomic
def _end(question: IdentityEnquiry) -> bool:
    open_ = IdentityEnquiry.objects.filter(pk=question.pk, ended_at=None)
    if not open_.update(ended_at=timezone.now()):
        return False
    parcels.destroy(question.pk)
    parcels.destroy(question.reply)
    return True
