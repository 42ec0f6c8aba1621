"""A case's ledger, for its page: what is shared, what has ended, what happened when."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import sections
from amana.care.cases.models import Case
from amana.care.cases.sections import TimelineEntry
from amana.care.consent import signed_consents
from amana.care.consent.models import SOON, Consent, VitalInterest
from amana.trust.access.models import User
from amana.trust.access.prepared import PreparedQuery

ANSWERS = PreparedQuery(
    lambda case: Consent.objects.for_ledger().filter(case=case), Case
)


TOLD_WITHOUT = PreparedQuery(
    lambda case: VitalInterest.objects.for_list().filter(case=case), Case
)


def list_vital_interests(case: Case) -> list[VitalInterest]:
    """List what was shared without consent; asked once a page."""
    return sections.list_things(case, TOLD_WITHOUT)


def list_consents(case: Case) -> list[Consent]:
    """List every answer about a case, latest first, as it was heard; one query however
    often asked."""
    answers = sections.list_things(case, ANSWERS)
    signed_consents.require(answers)
    return answers


def build_section(case: Case, user: User) -> dict[str, object]:
    answers = list_consents(case)
    return {
        "live": [consent for consent in answers if consent.is_live],
        "ended": [consent for consent in answers if not consent.is_live],
        "vital_interests": list_vital_interests(case),
        "case": case,
        "may_ask": sections.may_work(case, user),
    }


def build_shared_now(case: Case, user: User) -> dict[str, object]:
    """Build the part of the overview that shows with whom something is shared: consent
    is withdrawn from there in two taps. What is due has loaded the answers already."""
    return {"live": [consent for consent in list_consents(case) if consent.is_live]}


def iterate_entries(case: Case, user: User) -> Iterator[TimelineEntry]:
    """Yield lines of the timeline: about whom the person was asked, and when it
    ended."""
    for consent in list_consents(case):
        team = {"team": str(consent.recipient)}
        url = reverse("consent:consent", args=[consent.pk])
        refused = consent.status == Consent.Status.REFUSED
        said = (
            _("Refused to share with %(team)s")
            if refused
            else _("Agreed to share with %(team)s")
        )
        yield TimelineEntry(consent.asked_at, said % team, str(consent.taken_by), url)
        if consent.ended_at is not None:
            yield TimelineEntry(consent.ended_at, format_end(consent) % team, url=url)


def iterate_vital_entries(case: Case, user: User) -> Iterator[TimelineEntry]:
    """Yield lines of the timeline: what was shared without consent, and who confirmed
    it."""
    for interest in list_vital_interests(case):
        team = {"team": str(interest.recipient)}
        url = reverse("consent:vital", args=[interest.pk])
        said = _("Sent to %(team)s without consent, in vital interests") % team
        yield TimelineEntry(interest.recorded_at, said, str(interest.recorded_by), url)
        if interest.confirmed_at:
            confirmed = _("Sharing with %(team)s without consent was confirmed")
            by = str(interest.confirmed_by)
            yield TimelineEntry(interest.confirmed_at, confirmed % team, by, url)
        if interest.escalated_at:
            late = _(
                "Supervisors and data-protection officers notified: not "
                "confirmed in time"
            )
            yield TimelineEntry(interest.escalated_at, late, url=url)
        if interest.told_at:
            told = _("The person was informed what was sent to %(team)s") % team
            yield TimelineEntry(interest.told_at, told, url=url)
        if interest.ended_at:
            yield TimelineEntry(interest.ended_at, interest.state, url=url)


def format_end(consent: Consent) -> str:
    if consent.status == Consent.Status.WITHDRAWN:
        return _("Consent to share with %(team)s withdrawn; the shared copy is deleted")
    if consent.status == Consent.Status.UNUSED:
        return _("Another service accepted: nothing was shared with %(team)s")
    return _("Consent to share with %(team)s expired; the shared copy is deleted")


def iterate_due(case: Case, user: User) -> Iterator[tuple[datetime, str, str]]:
    """Yield the consents that end soon, so that she is asked again in time; and what
    was shared without consent: to confirm, and to inform her of."""
    for interest in list_vital_interests(case):
        url = reverse("consent:vital", args=[interest.pk])
        if interest.is_undecided:
            said = _("Sent without consent: a second person must confirm")
            yield interest.confirm_by, said, url
        if interest.told_at is None:
            said = _("Sent without consent: inform the person as soon as possible")
            yield interest.recorded_at, said, url
    for consent in list_consents(case):
        if consent.is_live and consent.expires_at <= timezone.now() + SOON:
            yield (
                consent.expires_at,
                _("Consent to share with %(team)s ends") % {"team": consent.recipient},
                reverse("consent:consent", args=[consent.pk]),
            )
