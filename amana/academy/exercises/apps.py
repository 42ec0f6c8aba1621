from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScenariosConfig(AppConfig):
    name = "amana.academy.exercises"
    label = "scenarios"
    verbose_name = _("Exercises")

    def ready(self) -> None:
        from amana.academy.assessment import certification
        from amana.academy.courses import sections

        # Its file is checked when the program starts, as others are (ADR 79).
        from amana.academy.exercises import evidence, standard_criteria  # noqa: F401
        from amana.academy.exercises.links import list_links
        from amana.academy.exercises.rules import match_led_in_register
        from amana.academy.held_exercises import rules as register

        certification.EVIDENCE.append(evidence.iterate_evidence)
        certification.REFRESHING.append(evidence.has_passed_since)
        sections.OFFERS.append(list_links)
        register.LEADING_RULES.append(match_led_in_register)
