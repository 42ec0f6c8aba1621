"""Two people choose a witness."""

import pytest

from amana import given
from amana.errors import Changed, Refused
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit import log_keys
from amana.trust.witness import actions, asking
from amana.trust.witness.models import Witness
from amana.trust.witness.rules import confirm_witness, propose_witness, see_witnesses

from .conftest import Laptop
from .logs_of_others import Other, chosen

pytestmark = pytest.mark.django_db


def test_one_person_alone_chooses_no_witness(administrator, laptop):
    found = actions.propose(key=str(laptop.key), by=administrator)
    with pytest.raises(Denied):
        actions.confirm(found, by=administrator)
    beside = given.make_worker(
        of=administrator.memberships.get().team, role=Role.ADMINISTRATOR
    )
    with pytest.raises(Denied):
        actions.confirm(found, by=beside)
    assert asking.map_witness_keys() == {}


@pytest.mark.parametrize("who", ["worker", "auditor"])
def test_others_choose_no_witness(who, administrator, laptop, request):
    person = request.getfixturevalue(who)
    with pytest.raises(Denied):
        actions.propose(key=str(laptop.key), by=person)
    with pytest.raises(Denied):
        actions.propose_log(key=str(Other().key), by=person)
    found = actions.propose(key=str(laptop.key), by=administrator)
    with pytest.raises(Denied):
        actions.confirm(found, by=person)
    with pytest.raises(Denied):
        actions.end(found, by=person)


def test_a_name_is_chosen_once_and_our_own_key_never(
    administrator, coordinator, laptop, is_witness
):
    chosen(laptop, administrator, coordinator)
    with pytest.raises(Changed):
        actions.propose(key=str(laptop.key), by=coordinator)
    with pytest.raises(Changed):
        actions.propose(key=str(Laptop(laptop.name).key), by=coordinator)
    with pytest.raises(Refused, match="our own"):
        actions.propose(key=str(is_witness), by=administrator)
    with pytest.raises(Refused, match="our own"):
        actions.propose_log(key=str(log_keys.get_public_key()), by=administrator)
    with pytest.raises(Refused, match="not such a key"):
        actions.propose(key="name+00+x", by=administrator)
    with pytest.raises(Refused, match="https"):
        actions.propose(
            key=str(Laptop("x").key), address="http://x.example", by=administrator
        )


def test_whoever_is_ended_counts_no_more(administrator, coordinator, laptop):
    found = chosen(laptop, administrator, coordinator)
    actions.end(found, by=administrator)
    assert asking.map_witness_keys() == {}
    with pytest.raises(Denied):
        actions.end(found, by=coordinator)


def test_the_rules_say_the_same_for_one_and_for_all(
    administrator, coordinator, auditor, worker, laptop
):
    actions.propose(key=str(laptop.key), by=administrator)
    found = Witness.objects.get()
    for rule in (see_witnesses, propose_witness, confirm_witness):
        for person in (administrator, coordinator, auditor, worker):
            among = rule.among(Witness.objects.all(), person)
            assert rule.permits(person, found) == (found in among)
