"""Two organisations that sign, those who write for them, and those who only look."""

from amana import given
from amana.design.mechanism import actions
from amana.design.mechanism.tests.packs import small
from amana.trust.access.models import Role
from tests.worlds import kept


@kept
def house(db):
    return given.make_organisation(name="Dar Amal")


@kept
def office(db):
    return given.make_organisation(name="Coordination Office", sphere="legal")


@kept
def coordinator(office):
    return given.make_worker(
        of=given.make_team(of=office), role=Role.COORDINATOR, name="Coordinator"
    )


@kept
def supervisor(house):
    return given.make_worker(
        of=given.make_team(of=house), role=Role.SUPERVISOR, name="Supervisor"
    )


@kept
def worker(house):
    return given.make_worker(of=given.make_team(of=house), name="Worker")


@kept
def administrator(db):
    return given.make_worker(role=Role.ADMINISTRATOR, name="Administrator")


@kept
def stranger(db):
    """Has an account and no place in any team."""
    return given.make_user(name="Stranger")


@kept
def cast(coordinator, supervisor, worker, administrator, stranger):
    return [coordinator, supervisor, worker, administrator, stranger]


@kept
def draft(house, office, coordinator):
    return actions.load_draft(small(), by=coordinator)


@kept
def discussed(draft, coordinator):
    actions.open_consultation(draft, by=coordinator)
    return draft


@kept
def adopted(discussed, coordinator, supervisor, house, office):
    for organisation, by in ((house, supervisor), (office, coordinator)):
        actions.sign(
            discussed, organisation=organisation, sha256=discussed.sha256, by=by
        )
    actions.adopt(discussed, by=coordinator)
    return discussed


@kept
def in_force(adopted, coordinator):
    actions.put_in_force(adopted, by=coordinator)
    return adopted
