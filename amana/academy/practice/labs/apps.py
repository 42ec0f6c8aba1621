from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabsConfig(AppConfig):
    name = "amana.academy.practice.labs"
    label = "labs"
    verbose_name = _("Clinics and negotiations")

    def ready(self) -> None:
        from amana.academy.courses import sections
        from amana.academy.practice.labs import table_stream
        from amana.academy.practice.labs.links import list_links
        from amana.ui import streams

        streams.SOURCES[table_stream.TABLES] = table_stream.FollowedTables()
        sections.OFFERS.append(list_links)
