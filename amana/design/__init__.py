"""What a country designs for itself: services, forms, a mechanism."""

from django.utils.translation import gettext_lazy as _

from amana.ui.navigation import Group

SERVICES = Group(_("Services"), icon="place")
