from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    name = "amana.academy.sessions"
    label = "sessions"
    verbose_name = _("Live sessions")

    def ready(self) -> None:
        from amana.academy.courses import panels
        from amana.academy.sessions import attendance, offers, reactions, stream  # noqa: F401
        from amana.ui import streams

        streams.SOURCES[stream.ROOMS] = stream.FollowedRooms()
        panels.OFFERS.append(offers.list_links)
        panels.MODULE.append(offers.MODULE)
        panels.ATTENDED.append(attendance.find_attended_modules)
