from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "amana.home"
    label = "home"
    verbose_name = _("Your tasks")

    def ready(self) -> None:
        from amana.academy.community.mentoring import aims as commitments
        from amana.academy.held_exercises.observing import OBSERVATION_RECORDERS
        from amana.care import TASKS
        from amana.home import aims, today
        from amana.insight.facts.actions import record_observation
        from amana.ui import badges, navigation

        commitments.FIGURES.append(aims.map_figures)
        OBSERVATION_RECORDERS.append(record_observation)
        badges.BADGES["tasks"] = today.iterate_task_queries
        badges.SLOW.add("tasks")
        navigation.add_entry(
            _("Your tasks"), "home:today", place=5, group=TASKS, badge="tasks"
        )
        navigation.add_personal(
            _("Shared with us"),
            "consent:shared",
            place=30,
            when=today.has_answering_role,
        )
        navigation.add_personal(
            _("Copies to destroy"),
            "consent:destructions",
            place=31,
            when=today.has_answering_role,
        )
