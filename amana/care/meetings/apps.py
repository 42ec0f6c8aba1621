from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "amana.care.meetings"
    label = "meetings"
    verbose_name = _("First meetings")

    def ready(self) -> None:
        from amana.care.meetings import reactions, retention  # noqa: F401
        from amana.ui.outages import STILL_WORKS, OfflineAbilities

        retention.register()
        STILL_WORKS.append(OfflineAbilities(_("First meetings"), "cases:meet"))
