"""Each colleague's device remembers how far it has seen the log, and notices when all
of it was put back, with the file beside the database. People's devices keep nothing
(P15, P24)."""

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.trust.access.models import Role
from amana.trust.audit import anchor, log, log_keys, sealing
from amana.trust.audit.anchor import DoubtKind
from amana.trust.audit.models import AuditLeaf, Checkpoint, LogStart
from amana.trust.audit.offline_verifier import (
    RESTORED,
    LogBroken,
    format_checkpoint_name,
    parse_head,
)
from amana.trust.audit.tests.cut_logs import kind_of
from amana.trust.witness import device, restorations
from amana.ui import once

from .conftest import grow, put_back, seal

pytestmark = pytest.mark.django_db


def visit(desk, name="home:today"):
    return desk.get(reverse(name))


def put_all_back(size):
    """A snapshot of the whole machine: the database and every file."""
    put_back(size)
    anchor.write(anchor.LogAnchor((Checkpoint.objects.latest("size").note,)))
    device._is_in_log.cache_clear()


def test_a_colleagues_device_keeps_the_last_checkpoint(worker):
    newest = grow(3)
    desk = given.sign_in(worker)
    visit(desk)

    cookie = desk.cookies[device.get_cookie_name()]
    assert parse_head(device.unpack_checkpoint(cookie.value)) == parse_head(newest.note)
    assert len(cookie.value) < 200
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert cookie["max-age"] == device.KEPT


def test_it_is_the_same_on_every_device(worker, auditor):
    grow(3)
    desks = [given.sign_in(worker), given.sign_in(auditor)]
    for desk in desks:
        visit(desk)
    assert len({desk.cookies[device.get_cookie_name()].value for desk in desks}) == 1


def test_it_goes_on_with_the_log(worker):
    grow(3)
    desk = given.sign_in(worker)
    visit(desk)
    before = desk.cookies[device.get_cookie_name()].value
    grow(300)
    visit(desk)

    assert desk.cookies[device.get_cookie_name()].value != before
    assert anchor.read().doubt is None


def test_pages_for_people_keep_nothing_on_the_device_of_a_colleague_either(worker):
    grow(3)
    desk, visitor = given.sign_in(worker), Client()
    for browser in (desk, visitor):
        for name in ("home:front", "feedback:start"):
            assert device.get_cookie_name() not in visit(browser, name).cookies


def test_without_a_second_factor_nothing_is_kept(worker):
    grow(3)
    half = Client()
    half.force_login(worker)
    page = visit(half)
    assert page.status_code == 302
    assert device.get_cookie_name() not in page.cookies


def test_a_device_from_before_everything_was_put_back_stops_it(
    worker, administrator, auditor
):
    grow(5)
    before = AuditLeaf.objects.count()
    desk = given.sign_in(worker)
    grow(7)
    visit(desk)
    put_all_back(before)
    assert sealing.compare_with_anchor() is None, "the file and the database fit"

    page = visit(desk)

    assert page.status_code == 503
    doubt = anchor.read().doubt
    assert doubt is not None
    assert doubt.kind == DoubtKind.DEVICE
    assert parse_head(doubt.seen).size > before
    assert visit(given.sign_in(administrator)).status_code == 503
    assert kind_of(sealing.compare_with_anchor()) == DoubtKind.DEVICE, "it stays"


def test_a_log_that_grew_again_past_what_a_device_saw_is_noticed(worker, administrator):
    grow(5)
    before = AuditLeaf.objects.count()
    desk = given.sign_in(worker)
    grow(3)
    visit(desk)
    put_all_back(before)
    grow(9)

    assert visit(desk).status_code == 503
    assert kind_of(anchor.read().doubt) == DoubtKind.DEVICE


def test_two_people_declare_what_a_device_has_shown(worker, administrator, coordinator):
    grow(5)
    before = AuditLeaf.objects.count()
    desk = given.sign_in(worker)
    newest = grow(7)
    visit(desk)
    put_all_back(before)
    visit(desk)
    found = restorations.propose(reason="move", words="Moved.", by=administrator)
    assert parse_head(found.seen) == parse_head(newest.note)
    restorations.confirm(found, by=coordinator)
    anchor.write(anchor.LogAnchor((anchor.read().notes[-1],)))

    assert visit(desk).status_code == 200, "what was declared lost is not missed"
    seal()
    visit(desk)
    number = desk.cookies[device.get_cookie_name()].value.split(".")[0]
    assert number == "2"


def test_a_device_that_saw_more_than_was_declared_is_noticed(
    worker, administrator, coordinator
):
    grow(5)
    before = AuditLeaf.objects.count()
    grow(2)
    known = anchor.read()
    grow(2)
    desk = given.sign_in(worker)
    visit(desk)
    put_back(before)
    anchor.write(known)
    sealing.compare_with_anchor()
    restorations.confirm(
        restorations.propose(reason="move", words="Moved.", by=administrator),
        by=coordinator,
    )
    anchor.write(anchor.LogAnchor((anchor.read().notes[-1],)))
    device._is_in_log.cache_clear()

    assert visit(desk).status_code == 503


@pytest.mark.parametrize(
    "value",
    ["", "x", "1.2.3.4", "1.999999." + "A" * 43 + "." + "A" * 86, "9" * 9000],
)
def test_what_the_log_has_not_signed_is_passed_over_and_replaced(worker, value):
    grow(3)
    desk = given.sign_in(worker)
    desk.cookies[device.get_cookie_name()] = value

    assert visit(desk).status_code == 200
    assert anchor.read().doubt is None
    assert desk.cookies[device.get_cookie_name()].value != value
    if value:
        with pytest.raises(LogBroken):
            device.unpack_checkpoint(value)


def test_after_a_new_key_old_cookies_stop_nobody(worker, settings, tmp_path):
    grow(3)
    desk = given.sign_in(worker)
    visit(desk)
    settings.AUDIT_LOG_KEY_FILE = tmp_path / "new.key"
    assert visit(desk).status_code == 200
    assert log_keys.get_public_key()


@pytest.mark.alone  # on PostgreSQL whoever else is writing makes what is sealed wait
@pytest.mark.django_db(transaction=True)
def test_an_act_is_sealed_before_its_answer_and_a_look_right_after(settings):
    settings.AUDIT_SEALS_AT_ONCE = True
    person = given.make_worker(role=Role.AUDITOR)
    desk = given.sign_in(person)
    sealing.seal_all()
    page = desk.post(reverse("audit:check"), once.make_form_key())

    asked = AuditLeaf.objects.filter(event__did="asked to check log").first()
    assert asked is not None
    seen = parse_head(
        device.unpack_checkpoint(page.cookies[device.get_cookie_name()].value)
    )
    assert seen.size > asked.position, "the device that did it holds it"

    desk.get(reverse("audit:log"))
    assert AuditLeaf.objects.count() == Checkpoint.objects.latest("size").size
    assert not anchor.read().doubt


def begin_by_sql(origin, seen):
    """What someone does who can write one row."""
    start = LogStart(position=sealing.get_tree_size(), origin=origin, seen=seen)
    LogStart.objects.bulk_create([start])


@pytest.mark.parametrize("seen", ["made up", "signed"])
def test_a_restoration_that_only_a_row_declares_lets_no_device_forget(
    worker, auditor, seen
):
    grow(5)
    before = AuditLeaf.objects.count()
    desk = given.sign_in(worker)
    newest = grow(7)
    visit(desk)
    put_all_back(before)
    name = sealing.get_origin()
    made_up = f"{name}\n999999999\n{'A' * 43}=\n\n— x {'A' * 12}\n"
    if seen == "signed":  # with an entry that says the same, which is sealed
        thing = format_checkpoint_name(parse_head(newest.note))
        begin_by_sql(f"{name}/2", newest.note)
        log.record(RESTORED, by=None, thing=thing)
        seal()
    else:
        begin_by_sql(f"{name}/2", made_up)

    assert visit(desk).status_code == 503
    assert kind_of(anchor.read().doubt) == DoubtKind.DEVICE
    assert (sealing.get_origin(), sealing.count_taken_over()) == (name, 0)


def test_the_log_is_signed_in_the_name_that_it_had(worker):
    name = parse_head(grow(3).note).origin
    begin_by_sql(f"{name}/2", Checkpoint.objects.latest("size").note)
    assert parse_head(grow(3).note).origin == name
