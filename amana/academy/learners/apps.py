from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class LearnersConfig(AppConfig):
    name = "amana.academy.learners"
    label = "learners"
    verbose_name = _("Learner accounts")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add_personal(
            _("My account"), "learners:account", place=10, when=only_learns
        )


def only_learns(request: HttpRequest) -> bool:
    from amana.trust.access.models import User

    return isinstance(request.user, User) and request.user.only_learns
