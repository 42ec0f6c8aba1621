from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "amana.trust.retention"
    label = "retention"
    verbose_name = _("Retention")

    def ready(self) -> None:
        from amana.trust import OVERSEEN
        from amana.trust.retention import logged
        from amana.ui import navigation

        logged.register()
        navigation.add_entry(
            _("Retention"),
            "retention:now",
            place=82,
            when=can_read_retention,
            group=OVERSEEN,
        )


def can_read_retention(request: HttpRequest) -> bool:
    """Return whether the person has the page in the navigation: for what is shown,
    never as a rule.
    """
    from amana.trust.retention.rules import READERS

    return bool(getattr(request.user, "roles", frozenset()) & READERS)
