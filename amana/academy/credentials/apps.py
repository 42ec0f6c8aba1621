from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CredentialsConfig(AppConfig):
    name = "amana.academy.credentials"
    label = "credentials"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from amana.academy.credentials import signing
        from amana.academy.credentials.rules import certifies
        from amana.trust.operation.outside import (
            OUTSIDE,
            OutsideFolder,
            skip_fingerprint,
        )
        from amana.ui import navigation

        OUTSIDE.append(
            OutsideFolder(
                "CERTIFICATE_KEYS", skip_fingerprint, is_there=signing.has_all_that_sign
            )
        )

        navigation.add_personal(_("My certificates"), "credentials:mine", place=40)
        navigation.add_personal(
            _("Certificates of learners"),
            "credentials:issued",
            place=41,
            when=certifies,
        )
