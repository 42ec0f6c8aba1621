import os

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from amana.confined.child import GIVE_WAY
from amana.trust.audit import checking
from amana.trust.audit.models import AuditPending
from amana.trust.audit.offline_verifier import LogBroken


class Command(BaseCommand):
    help = "Check what is new in the audit log, or all; name the first bad entry."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="read the log from its first entry"
        )
        parser.add_argument(
            "--key",
            default="",
            help="the log's public key, as you noted it elsewhere; reads the whole log",
        )

    def run_from_argv(self, argv: list[str]) -> None:
        # It reads a snapshot for minutes and holds no lock: people's pages come first.
        # Only where it has a process of its own.
        os.nice(GIVE_WAY)
        super().run_from_argv(argv)

    def handle(self, *, key: str, all: bool, **options: object) -> None:
        try:
            self.stdout.write(verify_with_key(key) if key else verify_here(all))
        except LogBroken as wrong:
            raise CommandError(f"The log is not intact: {wrong}.") from wrong


def verify_with_key(key: str) -> str:
    report = checking.check_whole_log(key)
    return (
        f"The log is intact: {report.entries} entries, "
        f"{report.checkpoints} checkpoints, {len(report.waiting)} events waiting."
    )


def verify_here(whole: bool) -> str:
    checking.begin_check(whole=whole)
    checked = checking.continue_check()
    if checked is None:
        raise CommandError("Another check is running. Try again when it is finished.")
    if checked.wrong:
        raise LogBroken(checked.wrong)
    waiting = AuditPending.objects.count()
    return f"The log is intact: {format_check(checked)}, {waiting} events waiting."


def format_check(checked: checking.LogCheck) -> str:
    """Format which entries were read, and when the others were."""
    if checked.is_whole or checked.whole_at is None:
        return f"{checked.done} entries, all of them read"
    at = timezone.localtime(checked.whole_at)
    return (
        f"{checked.done} entries, {checked.done - checked.start} of them new and read. "
        f"The whole log was last read on {at:%Y-%m-%d %H:%M}: --all reads it again"
    )
