from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "amana.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from amana.notifications import reactions, stream, unread  # noqa: F401
        from amana.ui import badges, streams

        badges.BADGES[badges.BELL] = unread.iterate_queries
        badges.MARKS["news"] = unread.iterate_newest_queries
        streams.SOURCES[stream.WAITING] = stream.WaitingSource()
