"""Whether a certificate holds, by what this machine knows of its own keys and list."""

from django.utils import timezone

from amana.academy.credentials import signing
from amana.academy.credentials.engine.canonical import Json
from amana.academy.credentials.engine.verdicts import (
    VerificationVerdict,
    decide_verdict,
)
from amana.academy.credentials.models import Certificate


def check_certificate(given: bytes) -> VerificationVerdict:
    """Check a certificate, and store nothing about it."""
    now = timezone.now()
    return decide_verdict(
        given, signing.load_trusted(), now=now, lists=list_status_lists()
    )


def list_status_lists() -> list[Json]:
    """List our status lists as of now; none before the first certificate, or where the
    key that signs them is missing."""
    if not signing.can_sign():
        return []
    numbers = Certificate.objects.order_by("listed_in").values_list(
        "listed_in", flat=True
    )
    return [signing.get_signed_list(number) for number in numbers.distinct() or [1]]
