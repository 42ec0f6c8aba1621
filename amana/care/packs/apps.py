from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PacksConfig(AppConfig):
    name = "amana.care.packs"
    label = "packs"
    verbose_name = _("Offline packs")

    def ready(self) -> None:
        from amana.care import CASES
        from amana.care.packs import exporting
        from amana.ui import navigation
        from amana.ui.outages import STILL_WORKS, OfflineAbilities

        exporting.register_kinds()
        STILL_WORKS.append(OfflineAbilities(_("Offline packs"), "packs:open"))
        navigation.add_entry(
            _("Offline packs"), "packs:list", place=26, when=reads, group=CASES
        )


def reads(request: HttpRequest) -> bool:
    """Ask whether to show the entry; for what is shown, never for a rule."""
    from amana.care.packs.rules import READERS

    return bool(getattr(request.user, "roles", frozenset()) & READERS)
