"""Delete files of areas whose columns were not explained within a week."""

from amana.exchange.areas import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = __doc__ or ""

    def handle(self, *args: object, **options: object) -> None:
        actions.forget_old_area_files()
