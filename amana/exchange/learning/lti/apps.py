from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LtiConfig(AppConfig):
    name = "amana.exchange.learning.lti"
    label = "lti"
    verbose_name = _("Other learning systems")

    def ready(self) -> None:
        from amana.academy.courses.along import ALONG, CourseLink
        from amana.academy.courses.sections import OFFERS
        from amana.exchange.learning.lti import keys, reactions  # noqa: F401
        from amana.exchange.learning.lti.links import list_links
        from amana.exchange.learning.lti.rules import can_keep_platforms
        from amana.trust.operation.outside import OUTSIDE, OutsideFolder

        OUTSIDE.append(
            OutsideFolder("LTI_KEY_FILE", keys.get_public_half, keys.get_own_key)
        )

        ALONG.append(
            CourseLink(_("Other learning systems"), "lti:platforms", can_keep_platforms)
        )
        OFFERS.append(list_links)
