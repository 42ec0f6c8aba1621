"""One disclosure as an HTCDS record."""

from collections.abc import Mapping
from typing import Any

from amana.care.consent.models import Consent
from amana.exchange.htcds.fields import PLACES, whole
from amana.trust.vault.models import Disclosure

STANDARD = "HTCDS 2.0"


def record(
    disclosure: Disclosure, content: Mapping[str, Any], consent: Consent
) -> dict[str, Any]:
    """What was consented to, and nothing else of the person; with it who shared it,
    when, and until when it may be kept."""
    fields: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for key, value in content.items():
        places = PLACES.get(key, ())
        said = {place.name: place.said(value) for place in places if value}
        fields |= {name: one for name, one in said.items() if one}
        if not any(said.values()) or not whole(key, value):
            others[key] = value
    return {
        "standard": STANDARD,
        "keep_until": disclosure.expires_at.isoformat(timespec="minutes"),
        "fields": about(disclosure, consent) | fields,
        "without_a_field": others,
    }


def about(disclosure: Disclosure, consent: Consent) -> dict[str, Any]:
    return {
        "con_Consent": True,
        "cas_ReferringOrganisation": consent.case.team.organisation.name,
        "cas_IncomingReferralDate": disclosure.made_at.date().isoformat(),
    }
