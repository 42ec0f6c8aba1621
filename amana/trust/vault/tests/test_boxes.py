"""What anybody may put in, and a command opens now and then under a key made anew."""

from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from amana.trust.vault import boxes
from amana.trust.vault.boxes import SealedBox


@pytest.fixture
def box(tmp_path):
    return SealedBox("letters", tmp_path / "box.key", 64)


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


def test_a_night_that_was_killed_leaves_no_copy_of_a_key_for_longer_than_a_night(
    box, monkeypatch
):
    """Where it was killed between the two, the fresh file lies beside the old one."""
    box.put(b"hello")
    key = box.file.read_text().strip()
    monkeypatch.setattr(Path, "replace", lambda *_args: 1 / 0)
    with pytest.raises(ZeroDivisionError), box.emptied():
        pass
    assert key in everything_beside(box)
    monkeypatch.undo()

    with box.emptied():
        pass

    assert key not in everything_beside(box)


def everything_beside(box):
    return "".join(path.read_text() for path in box.file.parent.iterdir())


def test_of_another_box_nothing_is_opened(box, tmp_path):
    other = SealedBox("parcels", box.file, 64)
    sealed = other.put(b"hello")

    with box.emptied() as emptied:
        assert emptied.opened(sealed) is None


def test_of_two_who_empty_it_one_waits_and_finds_what_the_other_let_lie(box):
    found = []

    def empties_it_too():
        with box.emptied() as emptied:
            found.append(emptied.opened(kept))

    with box.emptied():
        kept = box.put(b"hello")
        another = Thread(target=empties_it_too)
        another.start()
        another.join(0.2)
        assert another.is_alive()
    another.join(10)

    assert (found[0] or b"").rstrip() == b"hello"


def test_no_key_is_touched_before_the_lock_nor_gone_before_the_end_of_it(box):
    box.put(b"")
    before, keys = box.file.read_text(), []

    @contextmanager
    def lock():
        keys.append(box.file.read_text())
        yield
        keys.append(box.file.read_text())

    with box.emptied(within=lock()):
        pass

    assert keys[0] == before
    assert keys[1].endswith(before)
    assert len(keys[1]) == 2 * len(before)


@pytest.mark.parametrize("spoilt", ["", "00", "0" * 257, "no key"])
def test_a_key_that_can_not_be_read_is_as_good_as_no_file(box, spoilt):
    box.put(b"")
    box.file.write_text(spoilt)

    with pytest.raises(OSError, match="no key"):
        box.put(b"hello")


def test_a_key_that_is_overwritten_while_it_is_read_is_read_anew(box, monkeypatch):
    box.put(b"")
    boxes._parsed.cache_clear()
    opened = Path.open

    def too_late(file, *args, **more):
        monkeypatch.undo()
        old = opened(file, *args, **more)
        with box.emptied():
            pass
        return old

    monkeypatch.setattr(Path, "open", too_late)
    sealed = box.put(b"hello")

    with box.emptied() as emptied:
        assert (emptied.opened(sealed) or b"").rstrip() == b"hello"
