from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MechanismConfig(AppConfig):
    name = "amana.design.mechanism"
    label = "mechanism"
    verbose_name = _("Mechanism")

    def ready(self) -> None:
        from amana.design.mechanism import keys, retention
        from amana.trust.retention import terms
        from amana.trust.vault import removal
        from amana.ui import navigation

        removal.DELAYS.append(keys.find_removal_delay)
        terms.LAWS.append(retention.find_legal_terms)
        navigation.add_entry(
            _("Mechanism"), "mechanism:now", place=50, icon="mechanism"
        )
