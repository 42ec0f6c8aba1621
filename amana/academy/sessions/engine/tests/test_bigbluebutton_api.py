"""What BigBlueButton's documentation says of its API. No server was asked."""

from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest

from amana.academy.sessions.engine.bigbluebutton_api import ConferenceServer

SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"  # of the documentation's example
SERVER = ConferenceServer("https://bbb.example.org/bigbluebutton/api", SECRET)


def answered(address):
    """A stub that checks what a server checks: it signs the query anew, as it came."""
    parts = urlsplit(address)
    call = parts.path.rpartition("/")[2]
    query, _, checksum = parts.query.rpartition("checksum=")
    query = query.rstrip("&")
    if sha256(f"{call}{query}{SECRET}".encode()).hexdigest() != checksum:
        return call, None
    return call, {name: value for name, (value,) in parse_qs(query).items()}


def test_the_checksum_is_over_the_call_the_query_and_the_secret():
    address = SERVER.address("create", {"name": "Test", "meetingID": "abc123"})
    expected = sha256(f"createname=Test&meetingID=abc123{SECRET}".encode()).hexdigest()
    assert address.endswith(f"?name=Test&meetingID=abc123&checksum={expected}")


def test_a_call_without_anything_to_say_is_signed_too():
    expected = sha256(f"getMeetings{SECRET}".encode()).hexdigest()
    assert SERVER.address("getMeetings", {}).endswith(
        f"getMeetings?checksum={expected}"
    )


@pytest.mark.parametrize("name", ["Asking, in pairs", "السؤال", "a&b=c?d#e%20"])
def test_any_name_arrives_as_it_was(name):
    call, said = answered(
        SERVER.create("s1", name=name, minutes=90, welcome="Hello & welcome")
    )
    assert call == "create"
    assert said["name"] == name
    assert (said["record"], said["allowStartStopRecording"]) == ("false", "false")


def test_whoever_leads_moderates_and_others_are_numbers():
    _call, leading = answered(SERVER.join("s1", called="Tariq", leads=True))
    _call, other = answered(SERVER.join("s1", called="12", leads=False))
    assert (leading["role"], other["role"]) == ("MODERATOR", "VIEWER")
    assert other["fullName"] == "12"


def test_what_was_altered_on_the_way_is_noticed():
    address = SERVER.join("s1", called="12", leads=False)
    _call, said = answered(address.replace("VIEWER", "MODERATOR"))
    assert said is None
    assert answered(SERVER.end("s1"))[1] == {"meetingID": "s1"}
