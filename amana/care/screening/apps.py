from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    name = "amana.care.screening"
    label = "screening"
    verbose_name = _("Screening")

    def ready(self) -> None:
        from amana.care import MEET
        from amana.care.cases import sections
        from amana.care.cases.apps import holds_keys
        from amana.care.screening import exporting, retention, screening_lists
        from amana.ui import navigation

        retention.register_kind()
        exporting.register_kinds()
        sections.PANELS.append(
            sections.CaseSection(
                25, "screening/panel.html", screening_lists.build_section
            )
        )
        sections.ENTRIES.append(screening_lists.iterate_entries)
        navigation.add_entry(
            _("Screening"), "screening:home", place=13, when=holds_keys, group=MEET
        )
