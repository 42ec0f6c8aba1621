from django.core.management.base import BaseCommand

from amana.care.pending import actions


class Command(BaseCommand):
    help = "Put into effect decisions that could be undone for ten minutes."

    def handle(self, **options: object) -> None:
        taken = actions.carry_out_due()
        actions.forget_failed()
        self.stdout.write(f"Decisions that took effect: {taken}")
