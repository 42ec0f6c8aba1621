from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    name = "amana.academy.sessions"
    label = "sessions"
    verbose_name = _("Live sessions")
