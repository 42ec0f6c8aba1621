"""A recipient without the system: paper, or a page that a spoken code opens once.

Whoever opened the page can answer on it, so that the loop closes there too. What they
say afterwards by telephone, the sender writes down (`rules.answer_for_outsider`)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from amana.care.cases.fields import FIELDS, closed_parts
from amana.care.cases.rules import ALL_PARTS, parts_opened_to
from amana.care.referrals import letters
from amana.care.referrals.letters import Letter
from amana.care.referrals.models import Referral
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault import disclosures, handover
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.handover import Bearer
from amana.trust.vault.models import Disclosure, Offer

SALT = "amana.care.referrals.outside"
TO_ANSWER = timedelta(hours=24)
"""How long the opened page may be answered; a page can't be opened again."""


@dataclass(frozen=True)
class Sheet:
    """What stands on paper, or on the page: exactly what the person agreed to."""

    referral: Referral
    facts: list[tuple[Any, str]]
    letters: list[Letter]
    token: str = ""
    """Lets whoever opened the page answer on it."""


def facts(
    content: dict[str, Any], parts: Collection[Compartment] = ALL_PARTS
) -> list[tuple[Any, str]]:
    """Label and words of each field; of a part that isn't among `parts`, only that
    there is something, and why it isn't here."""
    read = [
        (field.label, field.said(content[key]))
        for key, field in FIELDS.items()
        if key in content and field.compartment in parts
    ]
    closed = _("Some details. Your role does not open this part of the case.")
    return read + [(part.label, closed) for part in closed_parts(parts, content)]


def on_paper(referral: Referral, *, by: User) -> Sheet:
    """For a sheet that the person, or a colleague, takes along; of a part that the
    role of who prints it does not open, not even the names of its fields."""
    shared = letters.shared(referral)
    content = disclosures.opened(shared, by=by, purpose="printed sheet")
    known = facts(content, parts_opened_to(by, referral.case))
    return Sheet(referral, known, letters.opened(shared, by=by))


def require_whole(shared: Disclosure, referral: Referral, *, by: User) -> None:
    """A page shows everything: nobody makes one of what they may not read."""
    parts = parts_opened_to(by, referral.case)
    if closed_parts(parts, shared.fields):
        raise Refused(_("Your role does not open this part of the case."))


def open_page(offer: UUID, code: str) -> Sheet:
    """What a page holds, once; or Refused, with the same words for every reason."""
    about = Offer.objects.filter(pk=offer).values("disclosure")
    referral = Referral.objects.for_page().filter(disclosure__in=about).first()
    content, written = handover.redeem_with_letters(offer, code)
    if referral is None:
        raise Refused(_("There is nothing to answer here."))
    token = signing.dumps([str(referral.pk), referral.version], salt=SALT)
    read = [letters.read(one.name, one.written_at, said) for one, said in written]
    return Sheet(referral, facts(content), read, token)


def answered(token: str) -> tuple[Referral, Bearer]:
    """Which referral a token lets somebody answer, as it was when they saw it."""
    try:
        pk, seen = signing.loads(token, salt=SALT, max_age=TO_ANSWER)
    except signing.BadSignature as error:
        raise Refused(_("This page is too old. Answer by telephone.")) from error
    referral = Referral.objects.for_page().filter(pk=pk).first()
    if referral is None:
        raise Refused(_("There is nothing to answer here."))
    if referral.version != seen:
        raise referral.changed()
    return referral, Bearer(f"page:{referral.pk}")
