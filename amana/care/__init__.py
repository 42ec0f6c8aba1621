"""Work with people: from the first meeting to what came of it."""

from django.utils.translation import gettext_lazy as _

from amana.ui.navigation import NavigationGroup

# What a worker opens all day, in the order of the bar on a phone.
TASKS = NavigationGroup(_("Tasks"), icon="tasks", bar=1)
INBOX = NavigationGroup(_("Inbox"), icon="inbox", bar=2)
MEET = NavigationGroup(_("Meet"), icon="person", bar=3)
CASES = NavigationGroup(_("Cases"), icon="cases", bar=4)
