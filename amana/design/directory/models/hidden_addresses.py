"""Where a safe house is, sealed to its team."""

from django.db import models
from django.utils import timezone

from amana.design.directory.models.services import Service
from amana.privacy import plain, sealed
from amana.trust.vault.models.sealed_documents import HeldKey


class HiddenAddress(HeldKey):
    """The address of a safe house: under its own key, sealed to the team; see
    `addresses`."""

    service = models.OneToOneField(
        Service, models.CASCADE, primary_key=True, related_name="hidden_address"
    )
    body = models.BinaryField()
    sealed_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "Until the service has ended, or its place is no longer hidden."
        service = team_key = person_key = sealed_at = plain
        sealed = body = sealed

    def __str__(self) -> str:
        return f"hidden address of service {self.service_id}"
