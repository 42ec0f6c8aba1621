from django.core.management.base import BaseCommand, CommandError

from amana.trust.operation import checks


class Command(BaseCommand):
    help = "Report what is wrong with this installation, and how to fix it."
    # A failed system check would end the command before it had reported anything.
    requires_system_checks: list[str] = []
    """It reports what is wrong itself."""

    def handle(self, **options: object) -> None:
        wrong = 0
        for result in checks.run_checks():
            if result.finding is None:
                self.stdout.write(f"  OK    {result.check.title}")
                continue
            wrong += 1
            self.stdout.write(self.style.ERROR(f"  WRONG {result.check.title}"))
            self.stdout.write(f"        {result.finding.what}")
            how_soon = result.check.urgency.label
            self.stdout.write(f"        → {how_soon}. {result.finding.mend}")
            for command in result.finding.commands:
                self.stdout.write(f"          {command}")
        if wrong:
            raise CommandError(f"{wrong} to fix.")
        self.stdout.write("Everything is in order.")
