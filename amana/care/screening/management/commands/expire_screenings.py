from typing import Any

from amana.care.screening import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = "Destroy what was screened 30 days ago and led to no case."

    def handle(self, **options: Any) -> None:
        count = actions.expire_stale()
        self.stdout.write(f"{count} destroyed.")
