"""Checking the log takes long when it is long, so nobody waits for it on a page."""

from django.tasks import task

from amana.trust.access.models import User
from amana.trust.audit import export, log
from amana.trust.audit.offline_verifier import Wrong


@task
def check_log(user_id: int) -> None:
    """Check the whole log, and write the result into it."""
    user = User.objects.get(pk=user_id)
    try:
        report = export.check_here()
    except Wrong as wrong:
        log.record("checked log", by=user, right=False, wrong=str(wrong))
        return
    log.record("checked log", by=user, right=True, entries=report.entries)
