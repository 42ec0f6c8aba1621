from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PathwaysConfig(AppConfig):
    name = "amana.care.pathways"
    label = "pathways"
    verbose_name = _("Pathways")

    def ready(self) -> None:
        from amana.care import CASES, TASKS
        from amana.care.pathways import reactions, sections  # noqa: F401
        from amana.ui import navigation

        sections.register_sections()
        for label, to, place, when, group in (
            (_("Pathway tasks"), "pathways:due", 6, does_steps, TASKS),
            (_("Case pathways"), "pathways:overview", 26, reads_all, CASES),
        ):
            navigation.add_entry(label, to, place=place, when=when, group=group)


def does_steps(request: HttpRequest) -> bool:
    from amana.care.pathways.rules import DOERS

    return bool(DOERS & get_roles(request))


def reads_all(request: HttpRequest) -> bool:
    from amana.care.pathways.rules import READERS

    return bool(set(READERS) & get_roles(request))


def get_roles(request: HttpRequest) -> set[str]:
    return set(getattr(request.user, "roles", ()))
