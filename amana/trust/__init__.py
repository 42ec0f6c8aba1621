"""Who may do what, whose keys open what, and what was done."""

from django.utils.translation import gettext_lazy as _

from amana.ui.navigation import NavigationGroup

OVERSEEN = NavigationGroup(_("Oversight"), icon="shield")
