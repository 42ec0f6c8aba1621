"""What is usually enough for a purpose: ticked before she is asked, and no more; and
what a kind of organisation may ever be asked for."""

from django.utils.translation import gettext as _

from amana.care.cases.fields import FIELDS
from amana.care.consent.models import Consent
from amana.design.directory.taxonomy import ServiceGroup, ServiceType
from amana.trust.access.models import Sphere
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.disclosures import is_allowed

P = Consent.Purpose
T = ServiceType

WORDS = "needs.words"
"""What she said of a need: of the one that a referral is about, from its document."""

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
        WORDS,
        "needs.area",
        "needs.companions",
        "needs.disability",
        "needs.interpreter",
        "needs.safety",
    ),
    P.COORDINATION: ("identity.name", WORDS, "needs.wishes"),
    P.JUSTICE: ("identity.name", "evidence.items"),
    P.STATISTICS: tuple(sorted(FOR_FIGURES)),
}

ENOUGH_IN: dict[Sphere, tuple[str, ...]] = {
    Sphere.HEALTH: ("health.summary",),
    Sphere.LEGAL: ("legal.situation",),
}
"""Besides, when help is asked for from this sphere."""


def is_suitable(purpose: str, field: str) -> bool:
    """Check whether `field` may ever be shared for `purpose`."""
    return purpose != P.STATISTICS or field in FOR_FIGURES


def list_usual_fields(purpose: str, sphere: str) -> list[str]:
    """List the fields to tick beforehand, within the ceiling."""
    usual = ENOUGH[P(purpose)]
    if purpose == P.REFERRAL:
        usual += ENOUGH_IN.get(Sphere(sphere), ())
    return [field for field in usual if field in FIELDS and is_allowed(sphere, field)]


# --- what a need reveals of a person

CLINICAL = frozenset({*ServiceGroup.HE.types, T.MH4})
"""To lack one of these reveals something of her health. Counselling, groups and crisis
lines are open to all, and many who offer them are no health service."""

LEGAL_CASES = frozenset({T.LG2, T.LG3, T.LG4, T.LG5, T.LG6, T.LG7, T.LG8})
"""To lack one of these says where she stands with the law; to ask for information
doesn't."""

OF_THE_POLICE = frozenset({T.PR1, T.PR3, T.LG9})
"""Protection by the police: it can't be asked for without saying for whom, and nothing
else of her goes along."""


def get_compartment(service_type: str) -> Compartment:
    """Get the part of a case to which the need of a kind of service belongs."""
    kind = ServiceType(service_type)
    if kind in CLINICAL:
        return Compartment.HEALTH
    if kind in LEGAL_CASES:
        return Compartment.LEGAL
    return Compartment.IDENTITY if kind in OF_THE_POLICE else Compartment.NEEDS


def may_learn(sphere: str, service_type: str) -> bool:
    """Check whether a kind of organisation may ever hear that a person needs this."""
    # It counts whatever services a team lists: a hostel that lists antenatal care
    # learns of no pregnancy (ADR 39).
    return get_compartment(service_type) in CEILING[Sphere(sphere)]


def describe_out_of_bounds(sphere: str, service_type: str) -> str:
    """Describe why this need can't be sent to a kind of organisation; else empty."""
    if not CEILING[Sphere(sphere)]:
        return _("Nothing can be sent to border or immigration services.")
    if may_learn(sphere, service_type):
        return ""
    need = {"need": ServiceType(service_type).label}
    part = get_compartment(service_type)
    if part is Compartment.HEALTH:
        return _("“%(need)s” is about health: send it to a health service.") % need
    if part is Compartment.LEGAL:
        return _("“%(need)s” is a legal matter: send it to a legal service.") % need
    return (
        _(
            "“%(need)s” can’t be sent to the police. Choose another service, or ask "
            "the police for protection."
        )
        % need
    )
