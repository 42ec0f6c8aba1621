"""Mix new feedback with earlier feedback; notify of complaints that wait too long."""

from amana.insight.feedback import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = __doc__ or ""

    def handle(self, *args: object, **options: object) -> None:
        actions.mix_words()
        actions.notify_late()
        actions.count_late_advice()
        actions.forget_old_slips()
