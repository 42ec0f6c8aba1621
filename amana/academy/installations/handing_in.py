"""Hands in what was made in a practice installation, as what it is, with what the
checks found; and offers what passed as a toolkit."""

from django.db import transaction

from amana.academy.assessment import actions as assessment
from amana.academy.assessment.models import HandIn
from amana.academy.installations.models import MachineCheck, PracticePlace
from amana.academy.installations.work_checking import CheckedWork
from amana.trust.access.models import User


@transaction.atomic
def submit_made_work(
    place: PracticePlace, module: str, checked: CheckedWork, words: str, *, by: User
) -> HandIn:
    """Submit what was taken out. Work that a check did not find whole can be handed
    in: a person decides, and sees what was found."""
    work = assessment.submit_work(
        place.enrolment, module, words, made=checked.content, by=by
    )
    MachineCheck.objects.create(
        hand_in=work,
        made=work.files.get(name=assessment.MADE),
        results=[result.convert_to_plain() for result in checked.results],
    )
    return work
