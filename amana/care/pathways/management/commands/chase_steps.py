from django.core.management.base import BaseCommand

from amana.care.pathways import retired, ticking, version_moves


class Command(BaseCommand):
    help = (
        "End waits that are over; send reminders of tasks and notices of overdue ones; "
        "continue moving cases to a new version; end retired mechanisms that no case "
        "follows any more."
    )

    def handle(self, **options: object) -> None:
        self.stdout.write(
            f"Waits ended, reminders and notices: {ticking.run_due_work()}"
        )
        version_moves.queue_next_batch()  # also where the task before it was killed
        self.stdout.write(f"Retired mechanisms ended: {retired.end_unused()}")
