"""Others cosign our log and we cosign theirs: forks and cuts are refused, two
signatures of one count once, and a witness that lies or is down stops nobody (P15)."""

import base64
import json
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit import (
    export,
    log_keys,
    offline_verifier,
    offline_witness,
    sealing,
)
from amana.trust.audit.models import Checkpoint, Cosignature
from amana.trust.audit.offline_verifier import (
    COSIGNATURE,
    LogBroken,
    VerifierKey,
    check,
    find_cosigners,
    format_statement,
    parse_head,
    read_checkpoint,
)
from amana.trust.audit.offline_witness import CosignRefusal, cosign, write_request
from amana.trust.witness import actions, asking, views
from amana.trust.witness.models import Finding, Witness, WitnessedLog
from amana.trust.witness.rules import confirm_witness, propose_witness, see_witnesses
from amana.ui import once

from .conftest import Laptop, grow

pytestmark = pytest.mark.django_db

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
ADD = "/witness/add-checkpoint"


# --- what others have published


def test_the_published_note_is_read():
    key = VerifierKey.read(VECTORS["note"]["key"])
    text, lines = offline_verifier.split_note(VECTORS["note"]["note"])
    assert str(key) == VECTORS["note"]["key"]
    assert text == "This is an example message.\n"
    [(_line, name, raw)] = lines
    assert (name, raw[:4]) == (key.name, key.id)
    assert offline_verifier._fits(key, raw[4:], text)


def test_the_cosignature_of_a_live_witness_is_read():
    said = VECTORS["cosigned"]
    witness = VerifierKey.read(said["witness"], COSIGNATURE)
    read_checkpoint(said["note"], VerifierKey.read(said["log"]))
    assert list(find_cosigners(said["note"], [witness])) == ["remora.n621.de"]
    forged = said["note"].replace("\n1432088532\n", "\n1432088533\n")
    with pytest.raises(LogBroken, match=r"cosignature of remora.n621.de does not fit"):
        find_cosigners(forged, [witness])


@pytest.fixture
def is_witness(settings):
    settings.WITNESS_NAME = "witness.example"
    return log_keys.get_witness_key()


def witnessed(key, administrator, coordinator):
    found = actions.propose_log(key=str(key), by=administrator)
    actions.confirm(found, by=coordinator)
    return found


def sent(text, client=None):
    return (client or Client()).post(ADD, text, content_type="text/plain")


def test_requests_that_others_published_are_answered_as_they_should(
    is_witness, administrator, coordinator
):
    said = VECTORS["add_checkpoint"]
    key = VerifierKey.of(said["origin"], bytes.fromhex(said["log_public"]))
    witnessed(key, administrator, coordinator)

    answers = [sent(text) for text in said["requests"]]

    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[2].content == b"5\n"
    assert answers[2]["Content-Type"] == "text/x.tlog.size"
    note = said["requests"][1].partition("\n\n")[2]
    assert find_cosigners(note + answers[1].content.decode(), [is_witness])


# --- as a witness for others


class Other:
    """Another organisation's log, in memory."""

    name = "other.example/log"

    def __init__(self, entries=400):
        self.private = offline_witness.generate_private_key()
        self.leaves = [offline_verifier.hash_leaf(b"%d" % n) for n in range(entries)]

    @property
    def key(self):
        return VerifierKey.of(self.name, self.private.public_key().public_bytes_raw())

    def node(self, level, place):
        if level == 0:
            return self.leaves[place]
        return offline_verifier.hash_node(
            self.node(level - 1, place * 2), self.node(level - 1, place * 2 + 1)
        )

    def note(self, size, root=None):
        from amana.trust.audit import tree

        root = root or tree.compute_root(size, self.node)
        text = format_statement(self.name, size, root)
        blob = base64.b64encode(self.key.id + self.private.sign(text.encode()))
        return f"{text}\n— {self.name} {blob.decode()}\n"

    def request(self, old, new):
        from amana.trust.audit import tree

        proof = tree.prove_consistency(old, new, self.node) if old else []
        return write_request(old, proof, self.note(new))


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


# --- two people choose


def chosen(laptop, administrator, coordinator, address=""):
    found = actions.propose(key=str(laptop.key), address=address, by=administrator)
    actions.confirm(found, by=coordinator)
    return found


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


# --- a machine without network


@pytest.fixture
def witness(laptop, administrator, coordinator):
    laptop.let_in(log_keys.get_public_key())
    return chosen(laptop, administrator, coordinator)


def test_a_machine_without_network_cosigns_and_refuses_a_fork(
    witness, laptop, administrator
):
    for number in (5, 300, 4):
        checkpoint = grow(number)
        text = asking.build_request(witness, checkpoint)
        assert len(text) < 2_000
        asking.keep_cosignature(
            witness, checkpoint.size, laptop.answer(text), by=administrator
        )
    assert asking.find_cosigned_size(witness) == checkpoint.size
    assert laptop.state["logs"]["amana.local/log"]["size"] == checkpoint.size

    forked = log_keys.sign_checkpoint("amana.local/log", checkpoint.size, bytes(32))
    with pytest.raises(CosignRefusal, match="409"):
        laptop.answer(write_request(checkpoint.size, [], forked))
    older = Checkpoint.objects.earliest("size")
    with pytest.raises(CosignRefusal, match="409"):
        laptop.answer(write_request(older.size, [], older.note))


def test_the_program_runs_on_its_own(tmp_path, administrator, coordinator):
    """Two files, in a Python that knows nothing of Amana."""
    for file in (offline_witness.__file__, offline_verifier.__file__):
        (tmp_path / Path(file).name).write_bytes(Path(file).read_bytes())

    def run(*words, text=""):
        return subprocess.run(
            [sys.executable, "offline_witness.py", *words],
            cwd=tmp_path,
            input=text,
            capture_output=True,
            text=True,
        )

    key = run("new", "desk.example").stdout.strip()
    assert run("log", str(log_keys.get_public_key())).returncode == 0
    found = actions.propose(key=key, by=administrator)
    actions.confirm(found, by=coordinator)
    first = grow(9)
    done = run("cosign", text=asking.build_request(found, first))
    assert done.returncode == 0, done.stdout + done.stderr
    asking.keep_cosignature(found, first.size, done.stdout, by=administrator)
    again = run("cosign", text=write_request(0, [], first.note))
    assert again.returncode == 1
    assert "REFUSED: 409" in again.stdout
    assert (tmp_path / "witness.json").stat().st_mode & 0o077 == 0
    assert run("new", "again").returncode == 2, "the key is never made anew"
    assert run("log", "nonsense").returncode == 1


def test_an_answer_of_another_is_not_taken(witness, laptop, administrator):
    checkpoint = grow(5)
    stranger = Laptop(laptop.name)
    stranger.let_in(log_keys.get_public_key())
    text = asking.build_request(witness, checkpoint)
    right = laptop.answer(text)
    late = int((timezone.now() + timedelta(days=1)).timestamp())
    for answer in (
        stranger.answer(text),
        right.replace(" ", "", 1),
        "",
        "hello",
        cosign(laptop.private, laptop.name, checkpoint.note, late),
        cosign(laptop.private, "someone.else", checkpoint.note, 1),
    ):
        with pytest.raises(Refused, match="not this witness’s signature"):
            asking.keep_cosignature(witness, checkpoint.size, answer, by=administrator)
    with pytest.raises(Refused, match="no checkpoint"):
        asking.keep_cosignature(witness, checkpoint.size + 1, right, by=administrator)
    assert not Cosignature.objects.exists()


# --- enough of them


def test_two_different_witnesses_are_enough_and_one_twice_is_not(
    witness, laptop, administrator, coordinator
):
    checkpoint = grow(5)
    text = asking.build_request(witness, checkpoint)
    asking.keep_cosignature(
        witness, checkpoint.size, laptop.answer(text), by=administrator
    )
    second = Laptop("second.example")
    second.let_in(log_keys.get_public_key())
    assert asking.find_last_cosigned() is None

    # The same one signs again, with its key and with another under its name.
    line = cosign(laptop.private, laptop.name, checkpoint.note, 1_790_000_500)
    asking.keep_cosignature(witness, checkpoint.size, line, by=administrator)
    twin = Laptop(laptop.name)
    note = export.map_checkpoints(0, checkpoint.size)[checkpoint.size] + cosign(
        twin.private, twin.name, checkpoint.note, 1
    )
    assert len(find_cosigners(note, [laptop.key, twin.key])) == 1
    assert asking.find_last_cosigned() is None

    other_one = chosen(second, administrator, coordinator)
    answer = second.answer(asking.build_request(other_one, checkpoint))
    asking.keep_cosignature(other_one, checkpoint.size, answer, by=administrator)
    assert asking.find_last_cosigned() == checkpoint

    # An outsider, with keys noted elsewhere, finds the same.
    keys = [laptop.key, second.key]
    report = check(
        export.iterate_lines(), log_keys.get_public_key(), witnesses=keys, quorum=2
    )
    assert report.witnesses == ("laptop.example", "second.example")
    with pytest.raises(LogBroken, match="cosigned by 2 different witnesses"):
        check(
            export.iterate_lines(),
            log_keys.get_public_key(),
            witnesses=[laptop.key, twin.key],
            quorum=2,
        )


def test_a_wrong_cosignature_is_named(witness, laptop, administrator):
    checkpoint = grow(5)
    text = asking.build_request(witness, checkpoint)
    asking.keep_cosignature(
        witness, checkpoint.size, laptop.answer(text), by=administrator
    )
    line = cosign(laptop.private, laptop.name, checkpoint.note, 7)
    raw = base64.b64decode(line.split()[2])
    forged = base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()
    Cosignature.objects.update(line=f"— {laptop.name} {forged}")

    with pytest.raises(LogBroken, match=r"cosignature of laptop.example does not fit"):
        check(
            export.iterate_lines(),
            log_keys.get_public_key(),
            witnesses=[laptop.key],
            quorum=1,
        )


def test_witnesses_that_are_silent_for_a_day_are_told_once(
    witness, auditor, monkeypatch
):
    grow(5)
    asking.notify_overdue()
    assert not Finding.objects.exists()

    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert asking.find_overdue_start()
    asking.notify_overdue()
    asking.notify_overdue()

    assert [finding.what for finding in Finding.objects.all()] == ["silent"]


# --- over the network


@contextmanager
def serving(answer):
    """A witness on this machine that answers as told: status, text, headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, body, headers = answer(text)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/w"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def online(laptop, administrator, coordinator, address):
    found = chosen(laptop, administrator, coordinator)
    Witness.objects.filter(pk=found.pk).update(address=address)
    return Witness.objects.get(pk=found.pk)


def test_a_witness_on_the_network_is_asked_and_asked_from_where_it_was(
    laptop, administrator, coordinator, capsys
):
    laptop.let_in(log_keys.get_public_key())
    first = grow(5)
    laptop.answer(write_request(0, [], first.note))  # of which we do not know

    def answer(text):
        try:
            return 200, laptop.answer(text), {}
        except CosignRefusal as refusal:
            return refusal.status, refusal.body, {}

    with serving(answer) as address:
        found = online(laptop, administrator, coordinator, address)
        newest = grow(5)
        call_command("ask_witnesses")
        assert "1 witnesses cosigned" in capsys.readouterr().out
        assert asking.find_cosigned_size(found) == newest.size
        assert asking.ask_all_witnesses() == 0, "there is nothing new"


@pytest.mark.parametrize(
    "answer",
    [
        (500, "", {}),
        (200, "nonsense", {}),
        (200, "— laptop.example AAAA\n", {}),
        (200, "x" * 100_000, {}),
        (409, "not a number", {}),
        (409, "3", {}),
        (302, "", {"Location": "http://127.0.0.1:1/elsewhere"}),
    ],
)
def test_a_witness_that_answers_nonsense_stops_nobody(
    laptop, administrator, coordinator, answer
):
    grow(5)
    with serving(lambda text: answer) as address:
        found = online(laptop, administrator, coordinator, address)
        assert asking.ask_all_witnesses() == 0
    found.refresh_from_db()
    assert found.failing_since is not None
    assert not Cosignature.objects.exists()
    assert sealing.compare_with_anchor() is None


def test_a_witness_that_says_it_has_seen_more_is_told_and_stops_nobody(
    laptop, administrator, coordinator, auditor
):
    """It may lie: it shows no signature of ours."""
    grow(5)
    with serving(lambda text: (409, "99999\n", {})) as address:
        found = online(laptop, administrator, coordinator, address)
        asking.ask_all_witnesses()
        asking.ask_all_witnesses()
    found.refresh_from_db()
    assert found.says == 99999
    assert [finding.what for finding in Finding.objects.all()] == ["witness"]
    assert sealing.compare_with_anchor() is None


@pytest.mark.parametrize("how", ["down", "slow"])
def test_a_witness_that_is_down_or_slow_keeps_nobody_waiting(
    laptop, administrator, coordinator, monkeypatch, how
):
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    over = threading.Event()

    def answer(text):
        over.wait(5)
        return 200, "", {}

    grow(5)
    with serving(answer) as address:
        address = "http://127.0.0.1:1" if how == "down" else address
        found = online(laptop, administrator, coordinator, address)
        began = timezone.now()
        assert asking.ask_all_witnesses() == 0
        assert timezone.now() - began < timedelta(seconds=3)
        over.set()
    found.refresh_from_db()
    assert found.failing_since is not None


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_witness_that_drips_is_left_and_its_silence_told(
    laptop, administrator, coordinator, auditor, monkeypatch, part
):
    monkeypatch.setattr(asking, "SECONDS", 0.4)
    over = threading.Event()
    grow(5)
    with dripping(part, over) as address:
        found = online(laptop, administrator, coordinator, address)
        later = timezone.now() + timedelta(hours=25)
        monkeypatch.setattr(timezone, "now", lambda: later)
        began = time.monotonic()
        assert asking.ask_all_witnesses() == 0
        assert time.monotonic() - began < 1.5
        over.set()
    found.refresh_from_db()
    assert found.failing_since is not None
    assert [finding.what for finding in Finding.objects.all()] == ["silent"]


@contextmanager
def dripping(part, over):
    """A witness that sends a letter at a time, each before a socket gives up."""

    def drip(listening):
        connection, _address = listening.accept()
        with connection, suppress(OSError):
            connection.recv(4096)
            head = b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if part == "body" else b"X: ")
            connection.sendall(head)
            for _time in range(30):
                if over.wait(0.1):
                    return
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=[listening])
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/w"
        over.set()
        thread.join()


def test_silence_is_told_whatever_goes_wrong_in_asking(
    laptop, administrator, coordinator, auditor, monkeypatch
):
    grow(5)
    online(laptop, administrator, coordinator, "http://127.0.0.1:1")
    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(timezone, "now", lambda: later)

    def broken(witness, checkpoint):
        raise ZeroDivisionError

    monkeypatch.setattr(asking, "ask_witness", broken)
    with pytest.raises(ZeroDivisionError):
        asking.ask_all_witnesses()
    assert Finding.objects.get().what == "silent"


def test_two_at_once_ask_once(laptop, administrator, coordinator, monkeypatch):
    grow(5)
    online(laptop, administrator, coordinator, "http://127.0.0.1:1")
    asked = []
    monkeypatch.setattr(
        asking, "ask_witness", lambda *what: asked.append(asking.ask_all_witnesses())
    )
    assert asking.ask_all_witnesses() == 1
    assert asked == [0]


# --- pages


def test_the_page_says_who_cosigned_when_and_what_is_missing(
    witness, laptop, administrator, auditor
):
    checkpoint = grow(5)
    text = asking.build_request(witness, checkpoint)
    asking.keep_cosignature(
        witness, checkpoint.size, laptop.answer(text), by=administrator
    )

    page = given.sign_in(auditor).get(reverse("witness:witnesses"))

    said = page.content.decode()
    assert "laptop.example" in said
    assert f"{checkpoint.size} entries" in said
    assert "none yet" in said


PAGES = ["witnesses", "paper", "compare", "restoration", "program"]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_sees_none_of_it(name, worker):
    address = reverse(f"witness:{name}")
    assert given.sign_in(worker).get(address).status_code == 404


@pytest.mark.parametrize("name", ["new", "new_log"])
def test_only_administrators_propose(name, worker, auditor):
    for person in (worker, auditor):
        address = reverse(f"witness:{name}")
        assert given.sign_in(person).get(address).status_code == 404


def test_the_request_is_carried_and_the_answer_brought_back(
    witness, laptop, administrator, auditor
):
    checkpoint = grow(5)
    address = reverse("witness:carry", args=[witness.pk])
    assert given.sign_in(auditor).get(address).status_code == 404
    desk = given.sign_in(administrator)
    text = desk.get(reverse("witness:take_request", args=[witness.pk])).content.decode()
    assert "<svg" in desk.get(address).content.decode()
    empty = desk.post(address, {"size": checkpoint.size} | once.make_form_key())
    assert empty.status_code == 422
    wrong = desk.post(
        address, {"size": checkpoint.size, "answer": "no"} | once.make_form_key()
    )
    assert wrong.status_code == 409

    said = {
        "size": checkpoint.size,
        "answer": laptop.answer(text),
    } | once.make_form_key()
    assert desk.post(address, said).status_code == 302
    assert Cosignature.objects.get().size == checkpoint.size


def test_pages_choose_a_witness_by_two(administrator, coordinator, laptop):
    first, second = given.sign_in(administrator), given.sign_in(coordinator)
    said = {"key": str(laptop.key), "address": ""} | once.make_form_key()
    assert first.post(reverse("witness:new"), said).status_code == 302
    found = Witness.objects.get()
    confirm = reverse("witness:confirm_witness", args=[found.pk])
    assert first.post(confirm, once.make_form_key()).status_code == 404
    assert second.post(confirm, once.make_form_key()).status_code == 302
    end = reverse("witness:end_witness", args=[found.pk])
    assert first.post(end, once.make_form_key()).status_code == 302
    log_key = {"key": str(Other().key)} | once.make_form_key()
    assert first.post(reverse("witness:new_log"), log_key).status_code == 302
    known = WitnessedLog.objects.get()
    confirm = reverse("witness:confirm_log", args=[known.pk])
    assert second.post(confirm, once.make_form_key()).status_code == 302
    end = reverse("witness:end_log", args=[known.pk])
    assert second.post(end, once.make_form_key()).status_code == 302


def test_what_is_on_paper_is_compared_by_typing_it(auditor):
    desk = given.sign_in(auditor)
    address = reverse("witness:compare")
    seen = parse_head(grow(5).note)
    paper = desk.get(reverse("witness:paper")).content.decode()
    groups = [seen.root.hex()[at : at + 4] for at in range(0, 64, 4)]
    assert " ".join(groups) in paper
    grow(3)

    typed = {"size": str(seen.size), "hash": " ".join(groups).upper()}
    right = desk.post(address, typed | once.make_form_key()).content.decode()
    assert "The log matches the printout" in right
    typed["size"] = str(seen.size + 1)
    wrong = desk.post(address, typed | once.make_form_key()).content.decode()
    assert "The log does not match the printout" in wrong
    typed["hash"] = "abc"
    assert desk.post(address, typed | once.make_form_key()).status_code == 422
