from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactsConfig(AppConfig):
    name = "amana.insight.facts"
    label = "facts"
    verbose_name = _("Observations")

    def ready(self) -> None:
        from amana.insight.facts import reactions  # noqa: F401
        from amana.insight.facts.waiting import key_of_another_server, make_key
        from amana.trust.operation.checks import CHECKS, Check
        from amana.trust.operation.outside import OUTSIDE, Kept, changing

        OUTSIDE.append(Kept("FACTS_KEY_FILE", changing, make_key))

        CHECKS.append(
            Check(
                "facts_key_of_another_server",
                _("Observations key"),
                key_of_another_server,
            )
        )
