"""Merravia's mechanism and its district's, and who may look ahead in them."""

from django.conf import settings

from amana import given
from amana.design.mechanism import actions
from amana.design.mechanism.pack import files
from amana.trust.access.models import Role
from tests.worlds import kept


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR, name="Coordinator")


@kept
def worker(db):
    return given.make_worker(name="Worker")


@kept
def stranger(db):
    return given.make_user(name="Stranger")


@kept
def version(coordinator):
    return brought("district-health", coordinator)


def brought(name, by):
    folder = settings.ROOT / "mechanisms" / name
    return actions.load_draft(files.read_folder(folder), by=by)
