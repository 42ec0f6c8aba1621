"""Someone writes in the database and holds no key: what they alter is named, and not
obeyed (P06, P20).

Each alteration is a small function with a name; beside it stands what a colleague then
does, and what Amana has to say was altered. Each is tried twice: before the log was
sealed, and after.

    pytest tests/properties/test_altered_database.py
    python -m tools.postgres pytest tests/properties/test_altered_database.py
"""

from uuid import UUID

import pytest

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Need
from amana.care.consent import actions as consents
from amana.care.consent import payload
from amana.care.consent.models import Consent
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.trust.audit import sealing
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures, heads, manifest
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import CaseHead, CaseLink
from tests.patching import patched
from tests.properties.attacks import ATTACKS
from tests.properties.attacks.altering import (
    NEVER,
    Attack,
    World,
    a_world,
    links_of,
    opens,
)
from tests.properties.attacks.on_records import older_revision_put_back

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[False, True], ids=["before sealing", "sealed"])
def world(request: pytest.FixtureRequest) -> World:
    return a_world(request.param)


@pytest.mark.parametrize("planted", ATTACKS, ids=lambda planted: planted.name)
def test_an_alteration_is_named_and_not_obeyed(world: World, planted: Attack) -> None:
    planted.alter(world)
    with pytest.raises(Tampered) as stopped:
        planted.then(world)
    assert stopped.value.what in planted.named, stopped.value
    assert world.went_out == 0


def test_what_a_row_says_of_a_need_lets_nobody_hear_of_it(world: World) -> None:
    """By its group lists are filtered; who may hear of it follows from what is sealed,
    and so does what the recipient is told (P07)."""
    need = cases.raise_need(world.case, type="HE5", urgency="U1", by=world.leila)
    other = cases.raise_need(world.case, type="BA1", urgency="U1", by=world.leila)
    Need.objects.filter(pk=need.pk).update(group="BA")
    Need.objects.filter(pk=other.pk).update(group="HE")

    def agrees(about: Need) -> Consent:
        fresh = Need.objects.select_related("case").get(pk=about.pk)
        fields = ["identity.name"]
        return given.make_consent(
            world.case, to=world.clinic, by=world.leila, need=fresh, fields=fields
        )

    with pytest.raises(Refused, match="is about health"):
        agrees(need)
    shared = consents.disclose(agrees(other), by=world.leila)
    told = disclosures.open_disclosure(shared, by=world.nurse, purpose="test")
    assert payload.read_help_asked(told) == "BA1"


def test_without_an_alteration_nothing_stops(world: World) -> None:
    acts = dict.fromkeys(planted.then for planted in ATTACKS)
    for act in acts:
        act(world)
    assert opens(world)[C.CONTACT, "record"].content


def test_the_map_is_never_made_from_heads_that_it_denies() -> None:
    """A head beside the one that moves, in its bucket, was altered meanwhile."""
    a_world(sealed=False)
    one, other = UUID(int=1), UUID(int=2)
    head = heads.ChainHead(5, b"5" * 32)
    with patched(manifest, "_take_in", lambda *_args: [(one, head)]):
        sealing.seal_all()
    CaseHead.objects.filter(pk=one).update(place=4)

    with (
        patched(manifest, "_take_in", lambda *_args: [(other, head)]),
        pytest.raises(heads.HeadsAltered),
    ):
        manifest.record_last_states()
    CaseHead.objects.filter(pk=one).update(place=5)
    with patched(manifest, "_take_in", lambda *_args: [(other, head)]):
        assert manifest.record_last_states()


def test_a_link_that_would_not_be_believed_is_not_saved() -> None:
    world = a_world(sealed=True)
    before = links_of(world).count()

    with (
        pytest.raises(Refused),
        manifest.change_case(world.case.pk, by=given.make_worker()) as state,
    ):
        state.forget("contact", "record")

    assert links_of(world).count() == before
    assert opens(world)


def test_what_someone_ends_whom_the_roster_does_not_know_the_log_signs() -> None:
    world = a_world(sealed=True)
    newcomer = given.make_worker()
    with patched(manifest, "find_link_signers", lambda *_args, **_more: {}):
        manifest.narrow(world.case.pk, CaseLink.Kind.ENDS, "x", by=newcomer)

    assert links_of(world).last().signer == manifest.LOG
    assert opens(world)


def test_the_page_stops_and_two_people_are_told(
    mailoutbox, django_capture_on_commit_callbacks
):
    world = a_world(sealed=True)
    officers = [given.make_worker(role=Role.DATA_PROTECTION_OFFICER) for _two in "ab"]
    browser = given.sign_in(world.leila)
    older_revision_put_back(world)

    with django_capture_on_commit_callbacks(execute=True):
        page = browser.get(f"/cases/{world.case.pk}/")

    text = page.content.decode()
    assert page.status_code == 409
    assert "An older version of a record was restored" in text
    assert officers[0].name in text
    assert NEVER not in text
    told = {address for mail in mailoutbox for address in mail.to}
    assert told == {officer.email for officer in officers}
    assert str(world.case.pk) not in "".join(m.subject + m.body for m in mailoutbox)
    event = AuditEvent.objects.get(did="found altered records")
    assert (event.actor, event.case) == (world.leila.actor_id, world.case.pk)
    alarms = given.sign_in(officers[1]).get("/alarms/")
    assert "An older version of a record was restored" in alarms.content.decode()
