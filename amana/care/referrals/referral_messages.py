"""What the two teams write to each other: sealed with what was shared, gone with it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.consent import payload
from amana.care.referrals.models import Referral
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.vault import disclosures
from amana.trust.vault.keys import get_keyring
from amana.trust.vault.models import Disclosure, DisclosureWrap


class MessageKind(models.TextChoices):
    NOTE = payload.NOTE, gettext_lazy("Note with the referral")
    HANDOVER = payload.HANDOVER, gettext_lazy("Handover")
    ANSWER = "answer", gettext_lazy("Answer")
    APPOINTMENT = "appointment", gettext_lazy("Appointment")
    ATTEMPT = "attempt", gettext_lazy("Attempt to reach the person")
    REPORT = "report", gettext_lazy("Progress report")
    MESSAGE = "message", gettext_lazy("Message")
    CONDITIONS = payload.CONDITIONS, gettext_lazy("What the person asks of you")


type Label = str | Promise


@dataclass(frozen=True, kw_only=True)
class StructuredMessage:
    """A letter with fixed lines; only those filled in are written."""

    def content(self) -> dict[str, object]:
        filled = {name: value for name, value in asdict(self).items() if value}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in filled.items()
        }

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}
        return cls(**{name: v for name, v in content.items() if name in known})


@dataclass(frozen=True, kw_only=True)
class HandoverMessage(StructuredMessage):
    """Who brings the person where, and when: no one is sent off alone with a slip."""

    at: datetime | None = None
    who: str = ""
    where: str = ""
    transport: str = ""
    interpreter: str = ""


@dataclass(frozen=True, kw_only=True)
class AppointmentMessage(StructuredMessage):
    at: datetime
    place: str = ""
    where: str = ""
    accompanied_by: str = ""
    interpreter: str = ""
    contact: str = ""
    """How the person may safely be reminded, or that she must not be."""


class AppointmentPlace(models.TextChoices):
    THEIRS = "theirs", gettext_lazy("At the service")
    SENDER = "sender", gettext_lazy("Where the sender works")
    OUTSIDE = "outside", gettext_lazy("Another safe place")
    PHONE = "phone", gettext_lazy("By telephone or video")


LINES: dict[str, Label] = {
    "at": gettext_lazy("When"),
    "who": gettext_lazy("Who is with them"),
    "place": gettext_lazy("Kind of place"),
    "where": gettext_lazy("Where"),
    "transport": gettext_lazy("How they travel"),
    "accompanied_by": gettext_lazy("Who is with them"),
    "interpreter": gettext_lazy("Interpreter"),
    "contact": gettext_lazy("How to remind the person safely"),
}


@dataclass(frozen=True)
class OpenedMessage:
    """A letter in the clear, for as long as the request lasts."""

    kind: str
    at: datetime
    by: str
    team: str
    text: str
    lines: tuple[tuple[Label, Any], ...]

    @property
    def label(self) -> Label:
        return (
            MessageKind(self.kind).label
            if self.kind in MessageKind.values
            else self.kind
        )


def write(
    referral: Referral,
    kind: MessageKind,
    content: Mapping[str, object],
    *,
    team: Team,
    by: User,
    held_for: UUID | None = None,
) -> None:
    """Seal a letter, unless there is nothing in it; the caller records the act.
    `held_for`: it can't be read before that decision takes effect."""
    if any(content.values()):
        there = get_disclosure(referral)
        seal(there, kind, content, team=team, by=by, held_for=held_for)


def seal(
    disclosure: Disclosure,
    kind: MessageKind,
    content: Mapping[str, object],
    *,
    team: Team,
    by: User,
    held_for: UUID | None = None,
) -> None:
    """Seal a letter with a disclosure that is already loaded."""
    if any(content.values()):
        signed = _signed(content, team=team, by=by)
        disclosures.write_letter(disclosure, kind, signed, by=by, held_for=held_for)


def _signed(
    content: Mapping[str, object], *, team: Team, by: User
) -> dict[str, object]:
    return dict(content) | {"by": by.name, "team": team.name}


def map_accompanying_letters(
    note: str, handover: HandoverMessage | None, *, team: Team, by: User
) -> dict[str, dict[str, object]]:
    """Map the letters in which something is written, by name, as they are sealed."""
    written: dict[str, dict[str, object]] = {MessageKind.NOTE: {"text": note}}
    if handover:
        written[MessageKind.HANDOVER] = handover.content()
    return {
        str(kind): _signed(content, team=team, by=by)
        for kind, content in written.items()
        if any(content.values())
    }


def open_letters(disclosure: Disclosure, *, by: User) -> list[OpenedMessage]:
    """Open the letters that go with what was shared, oldest first, with an audit
    event."""
    found = disclosures.open_letters(disclosure, by=by, purpose="referral")
    return [
        parse_letter(letter.name, letter.written_at, said) for letter, said in found
    ]


def find_appointment_time(referral: Referral, *, by: User) -> datetime | None:
    """Find when the person is expected, as it was last agreed; None where that is
    gone."""
    disclosure = Disclosure.objects.filter(pk=referral.disclosure).first()
    if disclosure is None or not can_read(disclosure, by=by):
        return None
    agreed = [
        value
        for letter in open_letters(disclosure, by=by)
        if letter.kind == MessageKind.APPOINTMENT
        for label, value in letter.lines
        if label is LINES["at"]
    ]
    return agreed[-1] if agreed else None


def can_read(disclosure: Disclosure, *, by: User) -> bool:
    """Check whether `by` holds the key: who took a case over afterwards does not."""
    return get_keyring(by).holds_one_of(
        list(DisclosureWrap.objects.filter(disclosure=disclosure))
    )


def parse_letter(
    kind: str, at: datetime, content: Mapping[str, object]
) -> OpenedMessage:
    return OpenedMessage(
        kind=kind,
        at=at,
        by=str(content.get("by", "")),
        team=str(content.get("team", "")),
        text=str(content.get("text") or content.get("words") or ""),
        lines=tuple(
            (label, format_line_value(name, content[name]))
            for name, label in LINES.items()
            if content.get(name)
        ),
    )


def format_line_value(name: str, value: object) -> object:
    if name == "at":
        return parse_datetime(str(value))
    if name == "place" and value in AppointmentPlace.values:
        return AppointmentPlace(value).label
    return value


def get_disclosure(referral: Referral) -> Disclosure:
    """Get what was shared with the referral. Raises `Refused` where it is deleted."""
    disclosure = Disclosure.objects.filter(pk=referral.disclosure).first()
    if disclosure is None:
        raise Refused(
            _(
                "The person’s consent has ended, and the shared information "
                "has been deleted."
            )
        )
    return disclosure
