from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "amana.trust.retention"
    label = "retention"
    verbose_name = _("Retention")

    def ready(self) -> None:
        from amana.trust.retention import logged

        logged.register()
