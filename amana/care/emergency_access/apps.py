from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmergencyAccessConfig(AppConfig):
    name = "amana.care.emergency_access"
    label = "emergency_access"
    verbose_name = _("Emergency access")
