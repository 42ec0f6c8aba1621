from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CredentialsConfig(AppConfig):
    name = "amana.academy.credentials"
    label = "credentials"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from amana.academy.credentials.rules import certifies
        from amana.ui import navigation

        navigation.add_personal(_("My certificates"), "credentials:mine", place=40)
        navigation.add_personal(
            _("Certificates of others"), "credentials:issued", place=41, when=certifies
        )
