from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class LtiConfig(AppConfig):
    name = "amana.exchange.lti"
    label = "lti"
    verbose_name = _("Other learning systems")

    def ready(self) -> None:
        from amana.academy.courses.along import ALONG, Along
        from amana.exchange.lti.rules import has_link, keeps_platforms
        from amana.trust.access.models import User
        from amana.ui import navigation

        def is_linked(request: HttpRequest) -> bool:
            """Asked in the academy alone: no other page pays for it."""
            here = navigation.within(request.path, navigation.address("courses:home"))
            user = request.user
            return here and isinstance(user, User) and has_link(user)

        ALONG.append(
            Along(_("Other learning systems"), "lti:platforms", keeps_platforms)
        )
        navigation.add_personal(
            _("My accounts elsewhere"), "lti:mine", place=46, when=is_linked
        )
