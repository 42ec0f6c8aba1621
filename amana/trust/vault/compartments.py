"""Compartments, and the ceiling: constants in code that no setting can raise."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from amana.trust.access.models import Sphere


class Compartment(models.TextChoices):
    """The unit of encryption and of need-to-know within a case."""

    IDENTITY = "identity", _("Identity")
    CONTACT = "contact", _("Safe contact")
    NEEDS = "needs", _("Needs")
    NARRATIVE = "narrative", _("Account")
    HEALTH = "health", _("Health")
    LEGAL = "legal", _("Legal")
    MIGRATION = "migration", _("Migration")
    EVIDENCE = "evidence", _("Evidence")


# Checked in the vault's last line before it seals, with no override parameter; the
# closure test has its own copy (ADR 9).
C = Compartment
CEILING: dict[Sphere, frozenset[Compartment]] = {
    Sphere.HUMANITARIAN: frozenset({C.IDENTITY, C.CONTACT, C.NEEDS, C.NARRATIVE}),
    Sphere.HEALTH: frozenset({C.IDENTITY, C.CONTACT, C.NEEDS, C.HEALTH}),
    Sphere.LEGAL: frozenset(
        {C.IDENTITY, C.CONTACT, C.NEEDS, C.NARRATIVE, C.LEGAL, C.MIGRATION}
    ),
    Sphere.LAW_ENFORCEMENT: frozenset({C.IDENTITY, C.EVIDENCE}),
    Sphere.BORDER: frozenset(),
}
"""What may ever flow to a sphere, whatever anyone agrees to or sets (P07).

Health detail stays with health; law enforcement is never sent needs, narrative,
health or migration; border and immigration are never sent anything, because people
who fear removal do not come forward ("Safe to Share?", 2020)."""
