"""Close a case, and find what is left of it."""

from django.apps import apps
from django.db import connection
from django.utils import timezone

from amana.care.cases import actions as cases
from amana.care.cases.closing import REQUIRED
from amana.care.cases.models import Case, ClosureReason
from amana.trust.audit.models import AuditEvent, AuditMention
from amana.trust.retention.terms import RetentionTerm
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment as C

FIVE_YEARS = RetentionTerm(5, "Y").after(timezone.now()) - timezone.now()


def closed(case, worker):
    return cases.close(
        Case.objects.get(pk=case.pk),
        reason=ClosureReason.RELOCATED,
        checklist=REQUIRED,
        left_open="moved",
        by=worker,
    )


def name_in(case, user):
    found = documents.open_documents(case, [C.IDENTITY], by=user, purpose="test")
    record = found.get((C.IDENTITY, documents.RECORD))
    return record.content["name"] if record else None


def everywhere(pk):
    """Tables in which an id stands, but for the log's events, which stay."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model in (AuditEvent, AuditMention):
                continue
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            for row in cursor.fetchall():
                said = " ".join(str(value) for value in row)
                if pk.hex in said or str(pk) in said:
                    found.append(model._meta.label)
    return found
