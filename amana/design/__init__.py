"""What a country designs for itself: services, forms, a mechanism."""

from django.utils.translation import gettext_lazy as _

from amana.ui.navigation import NavigationGroup

SERVICES = NavigationGroup(_("Services"), icon="place")
