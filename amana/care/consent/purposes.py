"""What is usually enough for a purpose: ticked before she is asked, and no more."""

from amana.care.cases.fields import FIELDS
from amana.care.consent.models import Consent
from amana.trust.access.models import Sphere
from amana.trust.vault.disclosures import allowed

P = Consent.Purpose

FOR_FIGURES = frozenset({"identity.age", "identity.sex"})
"""Coarse facts: all that a consent to figures may carry."""

ENOUGH: dict[P, tuple[str, ...]] = {
    P.REFERRAL: (
        "identity.name",
        "identity.age",
        "identity.child",
        "identity.sex",
        "identity.languages",
        "contact.channel",
        "contact.number",
        "contact.hours",
        "contact.never",
        "needs.words",
        "needs.companions",
        "needs.disability",
        "needs.interpreter",
        "needs.safety",
    ),
    P.COORDINATION: ("identity.name", "needs.words", "needs.wishes"),
    P.JUSTICE: ("identity.name", "evidence.items"),
    P.STATISTICS: tuple(sorted(FOR_FIGURES)),
}

ENOUGH_IN: dict[Sphere, tuple[str, ...]] = {
    Sphere.HEALTH: ("health.summary",),
    Sphere.LEGAL: ("legal.situation",),
}
"""Besides, when help is asked for from this sphere."""


def suits(purpose: str, field: str) -> bool:
    """Whether `field` may ever be shared for `purpose`."""
    return purpose != P.STATISTICS or field in FOR_FIGURES


def enough(purpose: str, sphere: str) -> list[str]:
    """The fields to tick beforehand, within the ceiling."""
    usual = ENOUGH[P(purpose)]
    if purpose == P.REFERRAL:
        usual += ENOUGH_IN.get(Sphere(sphere), ())
    return [field for field in usual if field in FIELDS and allowed(sphere, field)]
