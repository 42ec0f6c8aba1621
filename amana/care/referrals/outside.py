"""A recipient without the system: paper, a page that a spoken code opens once, and a
return slip with which they answer until the outcome.

Who has opened the page, or holds the slip, acts as an `Outsider`: through the same
actions as everyone else, for one referral, and reading nothing by the slip. What they
answer by telephone, the sender notes (`rules.answer_for_outsider`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from amana.care.cases.fields import FIELDS, closed_parts
from amana.care.cases.rules import ALL_PARTS, parts_opened_to
from amana.care.consent import payload
from amana.care.referrals import actions, letters
from amana.care.referrals.bearers import Outsider
from amana.care.referrals.letters import Letter
from amana.care.referrals.models import Happening, Referral, Way
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault import disclosures, handover, slips
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.handover import Opened, Tried, WrongCode
from amana.trust.vault.models import Offer, ReturnSlip
from amana.trust.vault.slips import Shown

DECIDE_BY = (
    "needs.words",
    "needs.area",
    "identity.name",
    "identity.age",
    "identity.child",
    "identity.sex",
    "needs.companions",
    "identity.languages",
    "needs.interpreter",
    "needs.disability",
    "needs.safety",
)
"""In this order a service decides; what is not named comes after it, and how to reach
her safely at the end."""


@dataclass(frozen=True)
class Sheet:
    """What is on paper, or on the page: exactly what the person agreed to."""

    referral: Referral
    facts: list[tuple[Any, str]]
    letters: list[Letter]


def facts(
    content: dict[str, Any], parts: Collection[Compartment] = ALL_PARTS
) -> list[tuple[Any, str]]:
    """List label and words of each field, in the order in which a service decides; of a
    part that isn't among `parts`, only that there is something, and why it isn't
    here."""
    keys = sorted((key for key in FIELDS if key in content), key=_when_read)
    read = [
        (FIELDS[key].label, FIELDS[key].said(content[key]))
        for key in keys
        if FIELDS[key].compartment in parts
    ]
    shut = _("Some details. Your role can’t open this part of the case.")
    return read + [(part.label, shut) for part in closed_parts(parts, keys)]


def know(referral: Referral, content: Mapping[str, Any]) -> None:
    """Note on a referral which help is asked for, from what was shared with it: the
    recipient has no other source, and the row holds no more than the group."""
    if kind := payload.help_asked(content):
        referral.need.know(kind)


def _when_read(key: str) -> tuple[int, int]:
    if key in DECIDE_BY:
        return 0, DECIDE_BY.index(key)
    return (2 if key.startswith(Compartment.CONTACT) else 1), list(FIELDS).index(key)


# --- the sender's side


def on_paper(referral: Referral, *, by: User) -> Sheet:
    """Open the sheet that the person, or a colleague, takes along; of a part that the
    role of who prints it does not open, not even the names of its fields."""
    shared = letters.shared(referral)
    content = disclosures.opened(shared, by=by, purpose="printed sheet")
    know(referral, content)
    known = facts(content, parts_opened_to(by, referral.case))
    return Sheet(referral, known, letters.opened(shared, by=by))


@dataclass(frozen=True)
class Standing:
    """What has become of the page and the slips of a referral, for its sender."""

    offer: Offer | None
    """A page that waits to be opened."""
    opened_at: datetime | None
    destroyed_at: datetime | None
    wrong_codes: int
    slips: list[ReturnSlip]
    answers: list[Happening]
    """What they did themselves, latest first."""

    @property
    def last_answer(self) -> Happening | None:
        return self.answers[0] if self.answers else None


def standing(referral: Referral) -> Standing:
    """Summarise for the sender what became of it: opened, tried in vain, destroyed,
    answered."""
    rows = list(referral.happenings.order_by("-at", "-pk"))
    what = Happening.What
    shared = referral.disclosure

    def latest(*wanted: str) -> datetime | None:
        return next((row.at for row in rows if row.what in wanted), None)

    seen = [r for r in rows if r.what in (what.MOVED, what.OPENED) and r.way]
    opened = [r.at for r in seen if is_opening(r)]
    return Standing(
        offer=Offer.objects.open().filter(disclosure=shared).first(),
        opened_at=opened[0] if opened else None,
        destroyed_at=latest(what.DESTROYED),
        wrong_codes=sum(row.what == what.WRONG_CODE for row in rows),
        slips=list(ReturnSlip.objects.good().filter(disclosure=shared).order_by("pk")),
        answers=[r for r in seen if not is_opening(r)],
    )


def is_opening(happening: Happening) -> bool:
    return str(happening.words) == str(Happening.What.OPENED.label)


# --- the other side


def open_page(offer: UUID, code: str) -> str:
    """Open a page with its code, once; return the secret for the browser's cookie.
    Raises `Refused`, with the same words, for every page that isn't there."""
    about = list(Offer.objects.filter(pk=offer).values_list("disclosure", flat=True))
    found = Referral.objects.for_page().filter(disclosure__in=about).first()
    # Tried before it is known whether there is a referral: an address that was guessed
    # gets the same answer as a wrong code.
    tried = _tried(offer, code, found)
    if found is None:
        raise Refused(_("There is nothing to answer here."))
    return actions.open_page(found, tried=tried)


def _tried(offer: UUID, code: str, found: Referral | None) -> Tried:
    try:
        return handover.try_code(offer, code)
    except WrongCode as wrong:
        if found is not None:
            gone = Happening.What.DESTROYED if wrong.destroyed else None
            actions.note_wrong_code(found, destroyed=gone)
        raise


def show_slip(code: str) -> str:
    """Open a return slip; return the secret for the browser's cookie."""
    try:
        return slips.show(code)[0]
    except WrongCode as wrong:
        found = referral_of(wrong.disclosure) if wrong.disclosure else None
        if found is not None and found.is_open:
            gone = Happening.What.SLIP_DESTROYED if wrong.destroyed else None
            actions.note_wrong_code(found, destroyed=gone)
        raise


def sheet_of(opened: Opened) -> Sheet | None:
    """Build what a page shows while it is open; None where the referral is gone."""
    found = referral_of(opened.disclosure.pk)
    if found is None:
        return None
    read = [
        letters.read(letter.name, letter.written_at, said)
        for letter, said in opened.letters
    ]
    know(found, opened.content)
    return Sheet(found, facts(opened.content), read)


def referral_of(disclosure: UUID) -> Referral | None:
    return Referral.objects.for_page().filter(disclosure=disclosure).first()


def by_page(opened: Opened, name: str = "") -> Outsider:
    return Outsider(
        disclosure=opened.disclosure.pk,
        letterbox=opened.letterbox,
        bearer=opened.bearer,
        visit=opened.visit,
        way=Way.PAGE,
        name=name,
    )


def by_slip(shown: Shown, name: str = "") -> Outsider:
    return Outsider(
        disclosure=shown.slip.disclosure,
        letterbox=shown.letterbox,
        bearer=shown.bearer,
        visit=shown.visit,
        way=Way.SLIP,
        name=name,
    )
