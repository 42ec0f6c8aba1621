"""What questions do when something happens to their case, and what its page shows."""

from django.dispatch import receiver

from amana.care.cases.events import (
    case_closed,
    case_erasing,
    case_kept,
    case_transferred,
)
from amana.care.cases.models import Case
from amana.care.known_elsewhere import actions
from amana.care.known_elsewhere.models import IdentityEnquiry
from amana.care.known_elsewhere.rules import ask_elsewhere, follow_question
from amana.trust.access.models import User


@receiver(case_closed)
@receiver(case_erasing)
@receiver(case_kept)
@receiver(case_transferred)
def react_to_end_of_case(case: Case, **kwargs: object) -> None:
    """End the questions of a case that is over, kept to named people, or another team's
    by now.
    """
    # A reply is sealed to the team that asked, so it must not outlast that team's case.
    actions.end_questions_of_case(case)


def build_section(case: Case, user: User) -> dict[str, object]:
    of_case = IdentityEnquiry.objects.filter(case=case).for_list()
    asked = follow_question.among(of_case, user)
    return {
        "questions": list(asked[:20]),
        "may_ask_elsewhere": ask_elsewhere.permits(user, case),
    }
