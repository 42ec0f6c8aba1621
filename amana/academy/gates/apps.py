from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatesConfig(AppConfig):
    name = "amana.academy.gates"
    label = "gates"
    verbose_name = _("Roles that require a certificate")

    def ready(self) -> None:
        from amana.academy.gates import (  # noqa: F401
            labels,
            reactions,
            requirement_status,
            sections,
        )
        from amana.trust.access import gates

        gates.HOLDING.append(labels.describe_missing_to_hold)
        gates.ACTING.append(labels.describe_missing_to_act)
        gates.ASKED.append(requirement_status.list_staff)
        sections.register_sections()
