from django.core.management.base import BaseCommand

from amana.care.consent import actions


class Command(BaseCommand):
    help = "Remind recipients that have not confirmed that their copies are destroyed."

    def handle(self, **options: object) -> None:
        reminded = actions.remind_silent()
        self.stdout.write(f"Reminded recipients: {reminded}")
