from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlarmsConfig(AppConfig):
    name = "amana.trust.alarms"
    label = "alarms"
    verbose_name = _("Alarms")

    def ready(self) -> None:
        from amana.trust.oversight.apps import oversees
        from amana.ui import navigation

        overseen = navigation.Group(_("Oversight"), icon="shield")
        navigation.add(
            _("Alarms"), "alarms:list", place=82, when=oversees, group=overseen
        )
