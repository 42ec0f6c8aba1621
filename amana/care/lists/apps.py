from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    name = "amana.care.lists"
    label = "lists"
    verbose_name = _("Lists")

    def ready(self) -> None:
        from amana.care.lists import names
        from amana.trust.vault import epochs

        epochs.SEALED.append(
            epochs.ResealableKind(names.find_held_views, names.renew_names)
        )
