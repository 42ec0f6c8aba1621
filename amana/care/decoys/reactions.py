"""A decoy case that is erased when its time is over is a decoy no more."""

from django.dispatch import receiver

from amana.care.cases.events import case_erasing
from amana.care.cases.models import Case
from amana.trust.alarms import decoys


@receiver(case_erasing, dispatch_uid="decoys: erased")
def handle_case_erasing(case: Case, **kwargs: object) -> None:
    for row, secret in decoys.read_all():
        if secret.case == case.pk:
            row.delete()
