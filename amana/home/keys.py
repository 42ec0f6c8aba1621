"""A team's key that was renewed, until all is sealed under the new one."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.home.kinds import Task, TaskKind
from amana.trust.access.models import KEYHOLDERS, User
from amana.trust.access.prepared import prepare_query
from amana.trust.vault import epochs, leaving
from amana.trust.vault.models import TeamKey


@prepare_query(User)
def find_renewed_keys(user: User) -> QuerySet[TeamKey]:
    return leaving.find_unsettled(user).select_related("team").order_by("pk")


def build_renewal_task(key: TeamKey) -> Task:
    progress = epochs.compute_progress(key)
    if progress.kept_until:
        title = _("Some of your team’s records could not be sealed under the new key")
    else:
        title = _(
            "Your team’s key was changed. Records still under the old key: "
            "%(left)d of %(total)d"
        ) % {"left": progress.left, "total": progress.total}
    url = reverse("vault:renew", args=[key.team_id])
    return Task(key.made_at, title, key.team.name, url, since=True)


KINDS = (TaskKind("", KEYHOLDERS, find_renewed_keys, build_renewal_task, ""),)
