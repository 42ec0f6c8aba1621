from amana import given
from amana.design.directory import addresses
from amana.design.directory.models import HiddenAddress
from amana.trust.access.models import Role
from amana.trust.vault import leaving


def test_a_hidden_address_outlives_a_leaver(db):
    team = given.a_team()
    keeper = given.a_worker(of=team, role=Role.FOCAL_POINT)
    leaver = given.a_worker(of=team)
    house = given.a_service(of=team, by=keeper, hidden=True, address="3 Almond Lane")
    before = HiddenAddress.objects.get().team_key_id

    admin = given.a_worker(role=Role.ADMINISTRATOR)
    given.leaves(leaver.memberships.get(), by=admin)
    key = leaving.current_epoch(team) or leaving.begin_epoch(team, by=keeper)
    if key.pk == before:
        key = leaving.begin_epoch(team, by=keeper)
    while not leaving.rewrap_some(key, by=keeper).is_complete:
        pass

    assert HiddenAddress.objects.get().team_key_id == key.pk != before
    fresh = given.unlocked(keeper)
    opened = addresses.opened(house, by=fresh)
    assert opened == addresses.Address("3 Almond Lane")
