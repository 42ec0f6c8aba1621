"""A consent that is still valid: to a person who has agreed, the text is not read
again.

It is valid for one team, one need and a time, and for what she heard. What can be read
next to the fields of a case may grow later (the sender gets a telephone, the recipient
stops using Amana): then she has not heard of all of it, and is asked again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amana.care.cases.fields import list_field_names
from amana.care.cases.models import Need
from amana.care.cases.rules import list_readable_parts
from amana.care.consent import consent_questions, guardianship, signed_consents
from amana.care.consent.consent_text import ConsentText
from amana.care.consent.models import Consent
from amana.care.consent.payload import CONDITIONS, ConsentPayload
from amana.care.consent.sealed import SEALED_IN
from amana.trust.access.http import Request
from amana.trust.access.models import Team, User
from amana.trust.vault import documents

ANEW = "anew"


def find_standing(need: Need, teams: Sequence[Team], *, by: User) -> dict[int, Consent]:
    """Find for each team the last answer, where it is a consent that covers a referral
    of this need and its giver may still give it; by team.

    Opens the texts that were heard and who the person is, with audit events, where
    there are any."""
    rows = Consent.objects.standing().filter(
        case=need.case_id, need=need, purpose=Consent.Purpose.REFERRAL
    )
    rows = rows.filter(recipient__in=teams).select_related("recipient__organisation")
    found = list(rows.order_by("asked_at", "pk"))
    if not found:
        return {}
    signed_consents.require(found)
    opened = documents.open_documents(
        need.case_id,
        [SEALED_IN],
        by=by,
        purpose="consent",
        names=[consent.document for consent in found],
    )
    outside = consent_questions.list_teams_outside(
        [consent.recipient for consent in found]
    )
    identity = consent_questions.open_identity(need.case, by=by)
    covering = {}
    for consent in found:
        consent.case, consent.need = need.case, need
        sealed = opened.get((SEALED_IN, consent.document))
        if sealed is None or guardianship.describe_obstacle(
            identity, Consent.GivenBy(sealed.content["given_by"])
        ):
            continue
        if has_heard_all(consent, sealed.content, outside=outside):
            covering[consent.recipient_id] = consent
    return covering


@dataclass(frozen=True)
class ConsentSummary:
    """One of them as a page shows it: what is shared, as far as who asks may know."""

    consent: Consent
    shared: list[str]


def list_standing(
    need: Need, agreed: Iterable[Consent], *, by: User
) -> list[ConsentSummary]:
    parts = list_readable_parts(by, need.case)
    return [ConsentSummary(c, list_field_names(parts, c.fields)) for c in agreed]


def asks_anew(request: Request) -> bool:
    """Check whether the person is asked although she has agreed: for something else."""
    return ANEW in request.GET


def anew_url(request: Request) -> str:
    query = request.GET.copy()
    query[ANEW] = "1"
    return f"?{query.urlencode()}"


def has_heard_all(
    consent: Consent, sealed: Mapping[str, Any], *, outside: Collection[Team]
) -> bool:
    """Compare what a recipient would read now, and how, with the text she heard."""
    asks = {CONDITIONS} if consent.has_conditions else set()
    payload = ConsentPayload(
        case=consent.case,
        recipients=(consent.recipient,),
        purpose=consent.purpose,
        expires_at=consent.expires_at,
        fields=tuple(consent.fields),
        need=consent.need,
        letters=frozenset({*consent.along, *asks}),
        outside=(consent.recipient,) if consent.recipient in outside else (),
    )
    heard = {k for line in ConsentText.again(sealed["text"]).lines for k in line.keys}
    channel_heard = {team.pk for team in payload.outside} <= set(sealed["outside"])
    return channel_heard and set(payload.keys) <= heard
