"""A case's ledger, for its page: what is shared, what has ended, what happened when."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import panels
from amana.care.cases.models import Case
from amana.care.cases.panels import Entry
from amana.care.consent.models import SOON, Consent
from amana.trust.access.kept import Kept
from amana.trust.access.models import User

ANSWERS = Kept(lambda case: Consent.objects.for_ledger().filter(case=case), Case)


def of(case: Case) -> list[Consent]:
    """Every answer about a case, latest first; one query however often asked."""
    return panels.once(case, ANSWERS)


def panel(case: Case, user: User) -> dict[str, Any]:
    answers = of(case)
    return {
        "live": [consent for consent in answers if consent.is_live],
        "ended": [consent for consent in answers if not consent.is_live],
        "case": case,
        "may_ask": panels.may_work(case, user),
    }


def entries(case: Case, user: User) -> Iterator[Entry]:
    """Lines of the timeline: who was agreed on, and when it ended."""
    for consent in of(case):
        team = {"team": str(consent.recipient)}
        url = reverse("consent:consent", args=[consent.pk])
        refused = consent.status == Consent.Status.REFUSED
        said = (
            _("Refused to share with %(team)s")
            if refused
            else _("Agreed to share with %(team)s")
        )
        yield Entry(consent.asked_at, said % team, str(consent.taken_by), url)
        if consent.ended_at is not None:
            yield Entry(consent.ended_at, end_in_words(consent) % team, url=url)


def end_in_words(consent: Consent) -> str:
    if consent.status == Consent.Status.WITHDRAWN:
        return _("Consent to share with %(team)s withdrawn; the shared copy is deleted")
    if consent.status == Consent.Status.UNUSED:
        return _("Another service accepted: nothing was shared with %(team)s")
    return _("Consent to share with %(team)s expired; the shared copy is deleted")


def due(case: Case, user: User) -> Iterator[tuple[datetime, str, str]]:
    """A consent that ends soon: ask her again in time, if she still needs it."""
    for consent in of(case):
        if consent.is_live and consent.expires_at <= timezone.now() + SOON:
            yield (
                consent.expires_at,
                _("The consent to share with %(team)s ends")
                % {"team": consent.recipient},
                reverse("consent:consent", args=[consent.pk]),
            )
