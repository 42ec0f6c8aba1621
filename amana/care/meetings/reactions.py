"""What we do when something happens in other rooms."""

from django.dispatch import receiver

from amana.care.cases.events import case_erasing
from amana.care.cases.models import Case
from amana.care.meetings.models import Meeting


@receiver(case_erasing)
def delete_meetings(case: Case, **kwargs: object) -> None:
    """Delete who met whom, and when."""
    Meeting.objects.filter(case=case).delete()
