"""Cut a log back, and read what kind of doubt there is."""

import pytest

from amana.trust.audit import checking, log
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditLeaf,
    AuditNode,
    AuditPending,
    Checkpoint,
)
from amana.trust.audit.offline_verifier import LogBroken
from amana.trust.audit.tests.test_verifying import guards_down


def record(number):
    return [log.record("opened", by=None, number=n) for n in range(number)]


def kind_of(doubt):
    return doubt and doubt.kind


def cut_back(to=5):
    """What someone does who owns the tables: everything after a checkpoint is gone."""
    gone = AuditLeaf.objects.filter(position__gte=to).values_list("event", flat=True)
    with guards_down():
        events = list(gone)
        AuditLeaf.objects.filter(position__gte=to)._raw_delete("default")
        AuditNode.objects.filter(place__gte=to >> 8)._raw_delete("default")
        Checkpoint.objects.filter(size__gt=to)._raw_delete("default")
        AuditDetail.objects.filter(pk__in=events)._raw_delete("default")
        AuditPending.objects.filter(pk__in=events)._raw_delete("default")
        AuditEvent.objects.filter(pk__in=events)._raw_delete("default")


def wrong():
    with pytest.raises(LogBroken) as found:
        checking.check_whole_log()
    return str(found.value)
