import pytest
from django.test import RequestFactory

from amana.ui.media import send_sound

SOUND = bytes(range(10))


@pytest.mark.parametrize(
    ("wanted", "status", "sent", "of"),
    [
        ("", 200, SOUND, None),
        ("bytes=0-1", 206, SOUND[:2], "bytes 0-1/10"),
        ("bytes=4-", 206, SOUND[4:], "bytes 4-9/10"),
        ("bytes=4-400", 206, SOUND[4:], "bytes 4-9/10"),
        ("bytes=-3", 206, SOUND[7:], "bytes 7-9/10"),
        ("bytes=-30", 206, SOUND, "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=5-2", 200, SOUND, None),
        ("bytes=0-1,4-5", 200, SOUND, None),
        ("lines=0-1", 200, SOUND, None),
    ],
)
def test_a_player_gets_the_part_it_asks_for(wanted, status, sent, of):
    request = RequestFactory().get("/", headers={"Range": wanted} if wanted else {})
    answer = send_sound(request, SOUND, "audio/ogg")
    assert (answer.status_code, answer.content) == (status, sent)
    assert answer.headers.get("Content-Range") == of
    assert answer.headers["Accept-Ranges"] == "bytes"
