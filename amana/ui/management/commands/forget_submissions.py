from django.core.management.base import BaseCommand

from amana.ui.models import Submission


class Command(BaseCommand):
    help = "Delete the keys of forms that were sent more than seven days ago."

    def handle(self, **options: object) -> None:
        Submission.objects.all().forgettable().delete()
