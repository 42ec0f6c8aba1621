"""A log with some entries, the people who answer for it, and a lone other organisation
that cosigns."""

import pytest

from amana import given
from amana.trust.access.models import Role
from amana.trust.audit import anchor, log, log_keys, offline_witness, sealing
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditLeaf,
    AuditNode,
    AuditPending,
    Checkpoint,
)
from amana.trust.audit.tests.test_verifying import guards_down
from amana.trust.witness import restorations
from tests.worlds import kept

from .logs_of_others import chosen


@kept
def administrator(db):
    return given.make_worker(role=Role.ADMINISTRATOR, name="Ada")


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR, name="Ben")


@kept
def auditor(db):
    return given.make_worker(role=Role.AUDITOR, name="Cleo")


@kept
def worker(db):
    return given.make_worker(name="Dina")


def seal():
    """Seal, as if the test's own transaction were committed."""
    sealing.seal_all()
    anchor.record_signed(*anchor.read().notes[-1:])


def grow(number=5):
    for n in range(number):
        log.record("opened", by=None, number=n)
    seal()
    return Checkpoint.objects.latest("size")


def put_back(size):
    """The database as it was at an earlier checkpoint, as a backup has it."""
    later = AuditLeaf.objects.filter(position__gte=size)
    with guards_down():
        events = list(later.values_list("event", flat=True))
        waiting = list(AuditPending.objects.values_list("event", flat=True))
        later._raw_delete("default")
        AuditNode.objects.filter(place__gte=size >> 8)._raw_delete("default")
        Checkpoint.objects.filter(size__gt=size)._raw_delete("default")
        gone = [*events, *waiting]
        AuditDetail.objects.filter(pk__in=gone)._raw_delete("default")
        AuditPending.objects.filter(pk__in=gone)._raw_delete("default")
        AuditEvent.objects.filter(pk__in=gone)._raw_delete("default")


class Laptop:
    """A witness without network: it is the program that we hand out."""

    def __init__(self, name):
        self.name = name
        self.private = offline_witness.generate_private_key()
        raw = self.private.private_bytes_raw().hex()
        self.state = {"name": name, "private": raw, "logs": {}}

    @property
    def key(self):
        return offline_witness.derive_key(self.private, self.name)

    def let_in(self, key):
        self.state["logs"][key.name] = {"key": str(key), "size": 0, "root": ""}

    def answer(self, text, now=1_790_000_000):
        return offline_witness.answer_request(text, self.state, now)


@pytest.fixture
def laptop():
    return Laptop("laptop.example")


@pytest.fixture
def is_witness(settings):
    settings.WITNESS_NAME = "witness.example"
    return log_keys.get_witness_key()


@pytest.fixture
def witness(laptop, administrator, coordinator):
    laptop.let_in(log_keys.get_public_key())
    return chosen(laptop, administrator, coordinator)


@pytest.fixture
def restored(administrator, coordinator, auditor, worker):
    """Last week's database, after the log had gone on."""
    grow(5)
    before = AuditLeaf.objects.count()
    newest = grow(7)
    put_back(before)
    return newest


def propose(by):
    return restorations.propose(reason="failure", words="A disk failed.", by=by)


def declare(administrator, coordinator):
    found = propose(administrator)
    restorations.confirm(found, by=coordinator)
    anchor.write(anchor.LogAnchor((anchor.read().notes[-1],)))  # as after the commit
    return found
