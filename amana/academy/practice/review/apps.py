from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "amana.academy.practice.review"
    label = "review"
    verbose_name = _("Review")

    def ready(self) -> None:
        from amana.academy.courses.sections import OFFERS
        from amana.academy.practice.review.links import list_links

        OFFERS.append(list_links)
