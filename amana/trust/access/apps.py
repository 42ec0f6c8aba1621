from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "amana.trust.access"
    label = "access"

    def ready(self) -> None:
        from amana.trust.access import reactions  # noqa: F401
        from amana.trust.access.http import is_entry_open
        from amana.ui import navigation

        navigation.OPEN.append(is_entry_open)
        navigation.add_entry(
            _("People"), "access:organisations", place=90, icon="people"
        )
        navigation.add_personal(_("My account"), "access:account", place=10)
