"""We cosign the logs of others: forks and cuts are refused (P15)."""

from io import BytesIO

import pytest
from django.test import RequestFactory

from amana.trust.audit.offline_verifier import find_cosigners
from amana.trust.audit.offline_witness import CosignRefusal, write_request
from amana.trust.witness import actions, views
from amana.trust.witness.models import Finding, WitnessedLog

from .logs_of_others import ADD, Other, sent, witnessed

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(is_witness, administrator, coordinator, auditor):
    made = Other()
    witnessed(made.key, administrator, coordinator)
    return made


def test_we_cosign_what_extends_what_we_have_seen(other, is_witness):
    for old, new in ((0, 7), (7, 7), (7, 256), (256, 391)):
        answer = sent(other.request(old, new))
        assert answer.status_code == 200
        found = find_cosigners(other.note(new) + answer.content.decode(), [is_witness])
        assert list(found) == ["witness.example"]
    assert WitnessedLog.objects.get().size == 391


def forked(other, at):
    fork = Other()
    fork.private = other.private
    fork.leaves[at] = bytes(32)
    return fork


def test_each_fork_is_refused_kept_and_told(other):
    sent(other.request(0, 257))
    first, second = forked(other, 250).note(257), forked(other, 251).note(257)

    for note in (first, second, first, second.replace("\n\n", "\n\n— x AAAAAAAA\n")):
        assert sent(write_request(257, [], note)).status_code == 409

    known = WitnessedLog.objects.get()
    assert (known.size, known.conflict) == (257, first + second)
    told = Finding.objects.filter(what=Finding.What.OTHER_LOG)
    assert told.count() == 2


def test_a_log_that_goes_on_contradicting_itself_is_told_ten_times(other):
    sent(other.request(0, 257))
    for at in range(14):
        note = forked(other, at).note(257)
        assert sent(write_request(257, [], note)).status_code == 409
    assert Finding.objects.count() == 10


@pytest.mark.parametrize("how", ["a fork", "rubbish"])
def test_a_wrong_proof_is_refused_and_shows_nothing(other, how):
    """Anyone who has a newer checkpoint can send it with a wrong proof."""
    sent(other.request(0, 257))
    rubbish = write_request(257, [bytes(32)], other.note(300))
    text = forked(other, 250).request(257, 300) if how == "a fork" else rubbish

    assert sent(text).status_code == 422

    known = WitnessedLog.objects.get()
    assert (known.size, known.conflict) == (257, "")
    assert not Finding.objects.exists()


def test_a_log_that_was_cut_back_is_refused(other):
    sent(other.request(0, 257))
    assert sent(other.request(100, 200)).status_code == 409
    assert sent(f"old 257\n\n{other.note(200)}").status_code == 400


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda text: text.replace("old 0", "old 00"), 400),
        (lambda text: text.replace("old 0", "new 0"), 400),
        (lambda text: text.replace("\n\n", "\n", 1), 400),
        (lambda text: text.replace("old 0\n", "old 0\n" + "AAAA\n"), 400),
        (lambda text: text.replace("old 0\n", "old 0\n" + f"{'A' * 43}=\n" * 64), 400),
        (lambda text: text.replace("old 0\n", "old 0\n" + f"{'A' * 43}=\n"), 422),
        (lambda text: text.replace("other.example/log", "third.example"), 404),
        (lambda text: text.replace("\n7\n", "\n8\n"), 403),
        (lambda text: text.replace("\n7\n", "\n07\n"), 400),
        (lambda text: text.replace("\n7\n", f"\n{2**63}\n"), 400),
        (lambda text: text[:-1], 400),
        (lambda text: "", 400),
        (lambda text: "\x00", 400),
    ],
)
def test_what_is_no_such_request_is_refused_as_the_protocol_says(other, change, status):
    assert sent(change(other.request(0, 7))).status_code == status
    assert WitnessedLog.objects.get().size == 0


def test_a_size_that_no_database_holds_is_refused(other):
    note = other.note(2**63, bytes(32))
    assert sent(write_request(0, [], note)).status_code == 400


def test_a_key_that_nobody_let_in_is_refused(other):
    thief = Other()
    assert sent(thief.request(0, 7)).status_code == 403


def test_where_no_name_is_set_nothing_is_cosigned(other, settings):
    settings.WITNESS_NAME = ""
    assert sent(other.request(0, 7)).status_code == 404


def test_a_log_that_one_person_proposed_is_not_cosigned(is_witness, administrator):
    made = Other()
    actions.propose_log(key=str(made.key), by=administrator)
    assert sent(made.request(0, 7)).status_code == 404


def test_too_long_and_too_many_requests_are_refused(other):
    assert sent("x" * 70_000).status_code == 413
    unmeasured = RequestFactory().post(ADD, "", content_type="text/plain")
    unmeasured._stream = BytesIO(b"x" * 70_000)
    assert views.add_checkpoint(unmeasured).status_code == 413
    assert {sent("x").status_code for _time in range(70)} == {400, 429}


def test_of_two_requests_at_once_the_second_is_refused(other):
    from amana.trust.witness import cosigning

    known = WitnessedLog.objects.get()
    sent(other.request(0, 100))
    with pytest.raises(CosignRefusal) as refused:
        cosigning.record_seen(known, 50, bytes(32))
    assert (refused.value.status, refused.value.body) == (409, "100\n")
