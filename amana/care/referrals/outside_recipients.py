"""A recipient without the system: paper, a page that a spoken code opens once, and a
return slip with which they answer until the outcome.

Who has opened the page, or holds the slip, acts as an `Outsider`: through the same
actions as everyone else, for one referral, and reading nothing by the slip. What they
answer by telephone, the sender notes (`rules.answer_for_outsider`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from amana.care.cases.fields import FIELDS, list_closed_parts
from amana.care.cases.rules import ALL_PARTS, list_readable_parts
from amana.care.consent import payload
from amana.care.referrals import actions, referral_messages
from amana.care.referrals.bearers import Outsider
from amana.care.referrals.models import OutsideChannel, Referral, ReferralEvent
from amana.care.referrals.referral_messages import Label, OpenedMessage
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault import disclosures, handover, slips
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.handover import OpenedDisclosure, TriedPage, WrongCode
from amana.trust.vault.models import ReturnSlip, SealedPage
from amana.trust.vault.slips import OpenedSlip

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
class ReferralSheet:
    """What is on paper, or on the page: exactly what the person agreed to."""

    referral: Referral
    facts: list[tuple[Label, str]]
    letters: list[OpenedMessage]


def list_facts(
    content: Mapping[str, object], parts: Collection[Compartment] = ALL_PARTS
) -> list[tuple[Label, str]]:
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
    return read + [(part.label, shut) for part in list_closed_parts(parts, keys)]


def apply_help_asked(referral: Referral, content: Mapping[str, object]) -> None:
    """Note on a referral which help is asked for, from what was shared with it: the
    recipient has no other source, and the row holds no more than the group."""
    if kind := payload.read_help_asked(content):
        referral.need.know(kind)


def _when_read(key: str) -> tuple[int, int]:
    if key in DECIDE_BY:
        return 0, DECIDE_BY.index(key)
    return (2 if key.startswith(Compartment.CONTACT) else 1), list(FIELDS).index(key)


# --- the sender's side


def open_sheet(referral: Referral, *, by: User) -> ReferralSheet:
    """Open the sheet that the person, or a colleague, takes along; of a part that the
    role of who prints it does not open, not even the names of its fields."""
    shared = referral_messages.get_disclosure(referral)
    content = disclosures.open_disclosure(shared, by=by, purpose="printed sheet")
    apply_help_asked(referral, content)
    known = list_facts(content, list_readable_parts(by, referral.case))
    return ReferralSheet(referral, known, referral_messages.open_letters(shared, by=by))


@dataclass(frozen=True)
class OutsideStatus:
    """What has become of the page and the slips of a referral, for its sender."""

    offer: SealedPage | None
    """A page that waits to be opened."""
    opened_at: datetime | None
    destroyed_at: datetime | None
    wrong_codes: int
    slips: list[ReturnSlip]
    answers: list[ReferralEvent]
    """What they did themselves, latest first."""

    @property
    def last_answer(self) -> ReferralEvent | None:
        return self.answers[0] if self.answers else None


def summarise_access(referral: Referral) -> OutsideStatus:
    """Summarise for the sender what became of it: opened, tried in vain, destroyed,
    answered."""
    rows = list(referral.happenings.order_by("-at", "-pk"))
    what = ReferralEvent.What
    shared = referral.disclosure

    def latest(*wanted: str) -> datetime | None:
        return next((row.at for row in rows if row.what in wanted), None)

    seen = [r for r in rows if r.what in (what.MOVED, what.OPENED) and r.way]
    opened = [r.at for r in seen if is_opening(r)]
    return OutsideStatus(
        offer=SealedPage.objects.open().filter(disclosure=shared).first(),
        opened_at=opened[0] if opened else None,
        destroyed_at=latest(what.DESTROYED),
        wrong_codes=sum(row.what == what.WRONG_CODE for row in rows),
        slips=list(ReturnSlip.objects.good().filter(disclosure=shared).order_by("pk")),
        answers=[r for r in seen if not is_opening(r)],
    )


def is_opening(happening: ReferralEvent) -> bool:
    return str(happening.words) == str(ReferralEvent.What.OPENED.label)


# --- the other side


def open_page(offer: UUID, code: str) -> str:
    """Open a page with its code, once; return the secret for the browser's cookie.
    Raises `Refused`, with the same words, for every page that isn't there."""
    about = list(
        SealedPage.objects.filter(pk=offer).values_list("disclosure", flat=True)
    )
    found = Referral.objects.for_page().filter(disclosure__in=about).first()
    # Tried before it is known whether there is a referral: an address that was guessed
    # gets the same answer as a wrong code.
    tried = _tried(offer, code, found)
    if found is None:
        raise Refused(_("There is nothing to answer here."))
    return actions.open_page(found, tried=tried)


def _tried(offer: UUID, code: str, found: Referral | None) -> TriedPage:
    try:
        return handover.try_code(offer, code)
    except WrongCode as wrong:
        if found is not None:
            gone = ReferralEvent.What.DESTROYED if wrong.destroyed else None
            actions.record_wrong_code(found, destroyed=gone)
        raise


def show_slip(code: str) -> str:
    """Open a return slip; return the secret for the browser's cookie."""
    try:
        return slips.open_slip(code)[0]
    except WrongCode as wrong:
        found = find_referral(wrong.disclosure) if wrong.disclosure else None
        if found is not None and found.is_open:
            gone = ReferralEvent.What.SLIP_DESTROYED if wrong.destroyed else None
            actions.record_wrong_code(found, destroyed=gone)
        raise


def build_page_sheet(opened: OpenedDisclosure) -> ReferralSheet | None:
    """Build what a page shows while it is open; None where the referral is gone."""
    found = find_referral(opened.disclosure.pk)
    if found is None:
        return None
    read = [
        referral_messages.parse_letter(letter.name, letter.written_at, said)
        for letter, said in opened.letters
    ]
    apply_help_asked(found, opened.content)
    return ReferralSheet(found, list_facts(opened.content), read)


def find_referral(disclosure: UUID) -> Referral | None:
    return Referral.objects.for_page().filter(disclosure=disclosure).first()


def build_page_outsider(opened: OpenedDisclosure, name: str = "") -> Outsider:
    return Outsider(
        disclosure=opened.disclosure.pk,
        letterbox=opened.letterbox,
        bearer=opened.bearer,
        visit=opened.visit,
        way=OutsideChannel.PAGE,
        name=name,
    )


def build_slip_outsider(shown: OpenedSlip, name: str = "") -> Outsider:
    return Outsider(
        disclosure=shown.slip.disclosure,
        letterbox=shown.letterbox,
        bearer=shown.bearer,
        visit=shown.visit,
        way=OutsideChannel.SLIP,
        name=name,
    )
