from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LtiConfig(AppConfig):
    name = "amana.exchange.lti"
    label = "lti"
    verbose_name = _("Other learning systems")

    def ready(self) -> None:
        from amana.academy.courses.along import ALONG, Along
        from amana.academy.courses.panels import OFFERS
        from amana.exchange.lti import keys
        from amana.exchange.lti.offers import offers
        from amana.exchange.lti.rules import keeps_platforms
        from amana.trust.operation.outside import OUTSIDE, Kept

        OUTSIDE.append(Kept("LTI_KEY_FILE", keys.public_half, keys.own))

        ALONG.append(
            Along(_("Other learning systems"), "lti:platforms", keeps_platforms)
        )
        OFFERS.append(offers)
