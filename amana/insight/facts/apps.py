from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactsConfig(AppConfig):
    name = "amana.insight.facts"
    label = "facts"
    verbose_name = _("Observations")

    def ready(self) -> None:
        from amana.insight.facts import reactions  # noqa: F401
        from amana.insight.facts.waiting import check_other_server_key, make_key
        from amana.trust.operation.checks import CHECKS, OperationCheck
        from amana.trust.operation.outside import (
            OUTSIDE,
            OutsideFolder,
            skip_fingerprint,
        )

        OUTSIDE.append(OutsideFolder("FACTS_KEY_FILE", skip_fingerprint, make_key))

        CHECKS.append(
            OperationCheck(
                "facts_key_of_another_server",
                _("Observations key"),
                check_other_server_key,
            )
        )
