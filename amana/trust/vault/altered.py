"""What is said, and who is told, where the database isn't what was signed.

The person who meets it sees nothing of the case and reads for whom to call. It is noted
outside the transaction that it stops, once the request is over (`collect_alterations`):
so it is told even where a page caught the refusal and went on.

Where a page is about many, one record that can't be opened is set aside: the page goes
on with the others, and says so.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.errors import Refused
from amana.trust.access.models import ADMINISTRATORS, Membership, Role, User
from amana.ui.labels import format_list

TOLD = 2
"""At least so many are told."""


class Alteration(models.TextChoices):
    """What was altered in the database, past Amana."""

    KEY = "key", gettext_lazy("A key was replaced")
    OLDER = "older", gettext_lazy("An older version of a record was restored")
    MISSING = "missing", gettext_lazy("A record is missing")
    ADDED = "added", gettext_lazy("A record was added")
    CONTENT = "content", gettext_lazy("The content of a record was replaced")
    HOLDERS = "holders", gettext_lazy("The holders of the case’s keys were changed")
    CASE = "case", gettext_lazy("The team or the restriction of the case was changed")
    CONSENT = "consent", gettext_lazy("A consent doesn’t match what the person heard")
    HISTORY = "history", gettext_lazy("The signed history of the case was changed")
    MAP = (
        "map",
        gettext_lazy("The register of the last states of all cases was changed"),
    )
    LOG = "log", gettext_lazy("The log was changed")
    ERASED = "erased", gettext_lazy("An erased case was restored")
    CARD = "card", gettext_lazy("A search card was damaged or replaced")


class Tampered(Refused):
    """Something in the database isn't what it has to be; nothing was opened."""

    def __init__(
        self,
        sentence: str | Promise,
        *,
        what: Alteration = Alteration.KEY,
        case: UUID | None = None,
    ) -> None:
        super().__init__(str(sentence))
        self.what = what
        self.case = case
        found = _found.get()
        if found is not None:
            # Noted here and not by a caller: a page that catches the refusal must not
            # be able to keep it from the data-protection officers.
            found.stopped.append(self)


def build_key_tampered() -> Tampered:
    return Tampered(
        _(
            "A key in the database has been replaced. Nothing was opened or sealed. "
            "Inform your administrator and your data-protection officer."
        )
    )


@dataclass(frozen=True)
class FoundAlteration:
    """What was found altered while a page was made."""

    stopped: list[Tampered] = field(default_factory=list)
    aside: dict[UUID, Alteration] = field(default_factory=dict)
    """What could not be opened of which cases, where the page went on without."""


_found: ContextVar[FoundAlteration | None] = ContextVar("found", default=None)


@contextmanager
def collect_alterations() -> Iterator[FoundAlteration]:
    """Collect all that is found altered meanwhile."""
    found = FoundAlteration()
    token = _found.set(found)
    try:
        yield found
    finally:
        _found.reset(token)


def set_aside(what: Alteration, cases: Iterable[UUID]) -> None:
    """Record that these can't be opened and are left out."""
    found = _found.get()
    if found is not None:
        found.aside.update(dict.fromkeys(cases, what))


def describe_omitted_records() -> str:
    """Describe how many records this page leaves out, and who is informed; empty if
    none.
    """
    found = _found.get()
    if found is None or not found.aside:
        return ""
    return _(
        "Records left out because they could not be opened: %(count)s. The "
        "person you are looking for may be among them. Informed: %(who)s."
    ) % {"count": len(found.aside), "who": format_contacts()}


def build_case_tampered(what: Alteration, case: UUID) -> Tampered:
    """Build the refusal with what was altered about a case, and whom to call."""
    sentence = _(
        "%(what)s, in the database and not by a colleague in Amana. Nothing in "
        "this case was shown, changed or shared. Don’t try again: call %(who)s."
    ) % {"what": Alteration(what).label, "who": format_contacts()}
    return Tampered(sentence, what=what, case=case)


def build_parcel_tampered() -> Tampered:
    """Build the refusal with what was altered of a parcel to a team, and whom to
    call.
    """
    sentence = _(
        "%(what)s, in the database and not by a colleague in Amana. None of it "
        "was shown. Don’t try again: call %(who)s."
    ) % {"what": Alteration.CONTENT.label, "who": format_contacts()}
    return Tampered(sentence, what=Alteration.CONTENT)


def list_people_to_notify() -> list[User]:
    """List the data-protection officers; administrators too, where they are fewer than
    two.
    """
    told: list[User] = []
    for roles in ([Role.DATA_PROTECTION_OFFICER], ADMINISTRATORS):
        if len(told) >= TOLD:
            break
        active = Membership.objects.holding(roles).filter(user__is_active=True)
        people = User.objects.filter(pk__in=active.values("user"))
        told += people.exclude(pk__in=[user.pk for user in told]).order_by("pk")
    return told


def format_contacts() -> str:
    """Format the names of two people to call."""
    names = [user.name for user in list_people_to_notify()[:TOLD]]
    return format_list(names) if names else _("your data-protection officer")
