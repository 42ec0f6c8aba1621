"""Addresses of referrals, and what the log holds of a visit."""

from django.urls import reverse

from amana.care.cases.models import Case
from amana.trust.audit.models import AuditEvent


def at(name: str, *args: object) -> str:
    return reverse(f"referrals:{name}", args=args)


def events_of(case: Case, did: str) -> int:
    return AuditEvent.objects.about_case(case.pk).filter(did=did).count()
