from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    name = "amana.academy.sessions"
    label = "sessions"
    verbose_name = _("Live sessions")

    def ready(self) -> None:
        from amana.academy.cohorts import cohort_report
        from amana.academy.courses import along, sections
        from amana.academy.sessions import attendance, links, reactions, stream  # noqa: F401
        from amana.academy.sessions.reporting import count_sessions
        from amana.ui import streams

        cohort_report.SECTIONS.append(count_sessions)
        streams.SOURCES[stream.ROOMS] = stream.FollowedRooms()
        kits = along.CourseLink(_("Session kits"), "sessions:kits", links.may_read_kits)
        along.ALONG.append(kits)
        sections.OFFERS.append(links.list_links)
        sections.MODULE.append(links.MODULE)
        sections.ATTENDED.append(attendance.find_attended_modules)
