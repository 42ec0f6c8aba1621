"""One disclosure as an HTCDS record."""

from collections.abc import Mapping, Sequence

from amana.care.consent.models import Consent
from amana.care.referrals.models import Referral
from amana.exchange.htcds.fields import PLACES, is_whole
from amana.trust.vault.models import Disclosure

STANDARD = "HTCDS 2.0"
WHOLE_NAME = "prs_FirstName holds the whole name, as the person says it."
REASONS = {
    Consent.Purpose.REFERRAL: "AdditionalServicesRequired",
    Consent.Purpose.COORDINATION: "AdditionalServicesRequired",
}
"""The standard's codes; other purposes are Other there, and stand in full beside."""


def build_record(
    disclosure: Disclosure,
    content: Mapping[str, object],
    consent: Consent,
    *,
    conditions: Sequence[str] = (),
    referral: Referral | None = None,
) -> dict[str, object]:
    """Build what was consented to, and nothing else of the person; with it who shared
    it with whom, why, on which conditions, by which words, and until when it may be
    kept."""
    fields: dict[str, object] = {}
    others: dict[str, object] = build_referral_part(referral) if referral else {}
    for key, value in content.items():
        places = PLACES.get(key, ())
        said = {place.name: place.said(value) for place in places if value}
        fields |= {name: words for name, words in said.items() if words}
        # What the standard has no field for, or not for all of it, is sent under our
        # own name: exactly what was consented to has to arrive.
        if not any(said.values()) or not is_whole(key, value):
            others[key] = value
    return {
        "standard": STANDARD,
        "reference": consent.case.reference,
        "purpose": disclosure.purpose,
        "conditions": list(conditions),
        "consent": {
            "given": consent.asked_at.isoformat(timespec="minutes"),
            "language": consent.language,
            "mode": consent.mode,
            "text_version": consent.text_version,
        },
        "keep_until": disclosure.expires_at.isoformat(timespec="minutes"),
        "notes": [WHOLE_NAME] if "prs_FirstName" in fields else [],
        "fields": build_about(disclosure, consent) | fields,
        "without_a_field": others,
    }


def build_about(disclosure: Disclosure, consent: Consent) -> dict[str, object]:
    purpose = Consent.Purpose(disclosure.purpose)
    return {
        "con_Consent": True,
        "cas_ReferringOrganisation": consent.case.team.organisation.name,
        "cas_ReferredOrganisation": disclosure.recipient.organisation.name,
        "cas_IncomingReferralDate": disclosure.made_at.date().isoformat(),
        "cas_ReasonForIncomingReferral": REASONS.get(purpose, "Other"),
    }


def build_referral_part(referral: Referral) -> dict[str, object]:
    """Build, of a referral, who is asked, how soon, and its status. Which help is asked
    for is in what was shared."""
    return {
        "referral.service": referral.service.name,
        "referral.urgency": referral.urgency,
        "referral.sent": referral.sent_at.isoformat(timespec="minutes"),
        "referral.status": referral.status,
    }
