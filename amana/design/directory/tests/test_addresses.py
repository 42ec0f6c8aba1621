from amana import given
from amana.design.directory import addresses
from amana.design.directory.models import HiddenAddress
from amana.trust.access.models import Role
from amana.trust.vault import epochs, leaving


def test_a_hidden_address_outlives_a_leaver(db):
    team = given.make_team()
    keeper = given.make_worker(of=team, role=Role.FOCAL_POINT)
    leaver = given.make_worker(of=team)
    house = given.make_service(of=team, by=keeper, hidden=True, address="3 Almond Lane")
    before = HiddenAddress.objects.get().team_key_id

    admin = given.make_worker(role=Role.ADMINISTRATOR)
    given.end_membership(leaver.memberships.get(), by=admin)
    key = epochs.find_current_epoch(team) or epochs.begin_epoch(team, by=keeper)
    if key.pk == before:
        key = epochs.begin_epoch(team, by=keeper)
    while not leaving.rewrap_some(key, by=keeper).is_complete:
        pass

    assert HiddenAddress.objects.get().team_key_id == key.pk != before
    fresh = given.unlock_user(keeper)
    opened = addresses.open_address(house, by=fresh)
    assert opened == addresses.Address("3 Almond Lane")
