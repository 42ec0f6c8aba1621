from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "amana.care.consent"
    label = "consent"
    verbose_name = _("Consent")

    def ready(self) -> None:
        from amana.care.cases import sections
        from amana.care.cases.apps import holds_keys
        from amana.care.cases.tabs import CaseTab
        from amana.care.consent import (  # noqa: F401
            ledger,
            reactions,
            recordings,
            retention,
        )
        from amana.design.mechanism.management.commands import pack
        from amana.ui import navigation

        navigation.add_personal(
            _("Withdraw consent for a person"),
            "consent:withdraw_for",
            place=30,
            when=holds_keys,
        )
        sections.PANELS.append(
            sections.CaseSection(
                30, "consent/panel.html", ledger.build_section, CaseTab.CONSENT
            )
        )
        sections.PANELS.append(
            sections.CaseSection(30, "consent/shared_now.html", ledger.build_shared_now)
        )
        sections.ENTRIES.append(ledger.iterate_entries)
        sections.ENTRIES.append(ledger.iterate_vital_entries)
        sections.DUE.append(ledger.iterate_due)
        sections.OVERVIEW.append(ledger.ANSWERS)
        sections.OVERVIEW.append(ledger.TOLD_WITHOUT)
        pack.LOOKS.append(recordings.iterate_unplayed)

        retention.register()
