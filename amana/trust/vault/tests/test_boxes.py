"""What anybody may put in, and a command opens now and then under a key made anew."""

import pytest

from amana.trust.vault.boxes import Box


@pytest.fixture
def box(tmp_path):
    return Box("letters", tmp_path / "box.key", 64)


def test_what_is_put_in_is_opened_once_and_then_by_nobody(box):
    sealed = box.put(b"hello")

    with box.emptied() as emptied:
        assert (emptied.opened(sealed) or b"").rstrip() == b"hello"
    with box.emptied() as emptied:
        assert emptied.opened(sealed) is None


def test_a_night_that_fails_can_be_tried_again(box):
    sealed = box.put(b"hello")

    with pytest.raises(ZeroDivisionError), box.emptied():
        raise ZeroDivisionError
    late = box.put(b"late")

    with box.emptied() as emptied:
        assert emptied.opened(sealed) is not None
        assert emptied.opened(late) is not None


def test_all_that_is_put_in_is_of_one_length_and_nothing_twice_the_same(box):
    short, long, again = (box.put(text) for text in (b"", b"x" * 64, b""))

    assert len(short) == len(long)
    assert short != again
    with pytest.raises(ValueError, match="too long"):
        box.put(b"x" * 65)


def test_the_key_before_is_overwritten_and_nobody_else_may_read_the_file(box):
    box.put(b"hello")
    before = box.file.open("rb")

    with box.emptied():
        pass

    with before:
        assert set(before.read()) == {ord("0")}
    assert box.file.stat().st_mode & 0o777 == 0o600


def test_of_another_box_nothing_is_opened(box, tmp_path):
    other = Box("parcels", box.file, 64)
    sealed = other.put(b"hello")

    with box.emptied() as emptied:
        assert emptied.opened(sealed) is None
