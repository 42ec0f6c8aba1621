"""A case as the log's pages know it: whose access list one may see, by what name."""

from uuid import UUID

from django.urls import reverse

from amana.care.cases.models import Case
from amana.care.cases.rules import see_case
from amana.trust.access.models import User
from amana.trust.oversight.subjects import LogSubject


def find(user: User, case: UUID) -> LogSubject | None:
    """Find the case, if `user` sees it."""
    found = see_case.among(Case.objects.all(), user).filter(pk=case).first()
    if found is None:
        return None
    return LogSubject(found.reference, reverse("cases:case", args=[found.pk]))
