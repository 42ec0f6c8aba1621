"""Work with people: from the first meeting to what came of it."""

from django.utils.translation import gettext_lazy as _

from amana.ui.navigation import Group

# What a worker opens all day, in the order of the bar on a phone.
TASKS = Group(_("Tasks"), icon="tasks", bar=1)
INBOX = Group(_("Inbox"), icon="inbox", bar=2)
MEET = Group(_("Meet"), icon="person", bar=3)
CASES = Group(_("Cases"), icon="cases", bar=4)
