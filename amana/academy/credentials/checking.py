"""Whether a certificate holds, by what this machine knows of its own keys and list."""

from django.utils import timezone

from amana.academy.credentials import signing
from amana.academy.credentials.engine.canonical import Json
from amana.academy.credentials.engine.verdicts import Verdict, verdict
from amana.academy.credentials.models import Certificate


def checked(given: bytes) -> Verdict:
    """Check a certificate, and store nothing about it."""
    now = timezone.now()
    return verdict(given, signing.trusted(), now=now, lists=own_lists())


def own_lists() -> list[Json]:
    """List our status lists as of now; none before the first certificate, or where the
    key that signs them is missing."""
    if not signing.can_sign():
        return []
    numbers = Certificate.objects.order_by("listed_in").values_list(
        "listed_in", flat=True
    )
    return [signing.signed_list(number) for number in numbers.distinct() or [1]]
