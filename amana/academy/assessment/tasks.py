"""Certificates are issued apart from the work that completes them: who hands a test in
is not kept waiting, nor refused because a key lies elsewhere."""

from django.tasks import task

from amana.academy.assessment import certification
from amana.academy.courses.models import Enrolment


@task
def certify(enrolment_id: int) -> int:
    """Issue what is due, and count it; none where nothing is due, also the second
    time."""
    enrolment = Enrolment.objects.select_related("person", "version__course").get(
        pk=enrolment_id
    )
    return len(certification.certify(enrolment))
