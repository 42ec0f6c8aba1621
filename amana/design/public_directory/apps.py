from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicDirectoryConfig(AppConfig):
    name = "amana.design.public_directory"
    label = "public_directory"
    verbose_name = _("Public directory")
