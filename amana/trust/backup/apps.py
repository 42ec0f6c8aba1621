from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupConfig(AppConfig):
    name = "amana.trust.backup"
    label = "backup"
    verbose_name = _("Backups")

    def ready(self) -> None:
        from amana.trust.backup import restoring
        from amana.unattended import STARTS

        STARTS.append(restoring.require_finished)
