"""Nothing leaves an exercise, and nothing of the installation beside it gets in."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from amana.sandbox.closure import LeavesTheExercise, build_hook

READS, WRITES = os.O_RDONLY, os.O_WRONLY | os.O_CREAT


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "beside" / "exercises" / "one").mkdir(parents=True)
    (tmp_path / "beside" / "exercises" / "two").mkdir()
    return tmp_path / "beside" / "exercises" / "one"


@pytest.fixture
def hook(own: Path, monkeypatch: pytest.MonkeyPatch):
    # Tests have their own folders in the one for temporary files.
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/nowhere")
    return build_hook(own, never=(own.parents[1],))


def test_its_own_folder_is_open(hook, own: Path) -> None:
    for event, args in (
        ("open", (str(own / "amana.sqlite3"), "w", WRITES)),
        ("open", (own / "amana.sqlite3", "r", READS)),
        ("sqlite3.connect", (str(own / "amana.sqlite3"),)),
        ("sqlite3.connect", (":memory:",)),
        ("os.remove", (str(own / "socket"), -1)),
        ("open", ("/dev/null", "w", WRITES)),
        ("open", (3, "w", WRITES)),
    ):
        assert hook(event, args) is None, (event, args)


def test_code_and_libraries_are_read(hook) -> None:
    assert hook("open", (sys.executable, "rb", READS)) is None


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("open", ("amana.sqlite3", "r", READS)),
        ("open", ("audit-log.key", "rb", READS)),
        ("open", ("exercises/two/amana.sqlite3", "rb", READS)),
        ("open", ("exercises/one/../two/plan.json", "rb", READS)),
        ("sqlite3.connect", ("amana.sqlite3",)),
        ("sqlite3.connect", ("file:amana.sqlite3?mode=ro",)),
        ("os.remove", ("amana.sqlite3", -1)),
    ],
)
def test_what_lies_beside_is_not_even_read(hook, own: Path, event, args) -> None:
    path = args[0].replace("file:", f"file:{own.parents[1]}/")
    if not path.startswith("file:"):
        path = str(own.parents[1] / path)
    with pytest.raises(LeavesTheExercise):
        hook(event, (path, *args[1:]))


def test_the_collected_files_are_read_and_never_written(own: Path) -> None:
    beside = own.parents[1]
    hook = build_hook(own, never=(beside,), static=beside / "static")
    names = str(beside / "static" / "staticfiles.json")
    assert hook("open", (names, "r", READS)) is None
    with pytest.raises(LeavesTheExercise):
        hook("open", (names, "w", WRITES))


def test_a_name_in_an_open_folder_is_where_that_folder_is(hook, own: Path) -> None:
    for folder, is_own in ((own, True), (own.parent / "two", False)):
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if is_own:
                assert hook("os.remove", ("socket", number)) is None
            else:
                with pytest.raises(LeavesTheExercise):
                    hook("os.remove", ("amana.sqlite3", number))
        finally:
            os.close(number)


def test_only_python_itself_is_started(hook) -> None:
    for event in ("subprocess.Popen", "os.posix_spawn"):
        assert hook(event, (sys.executable, [], None, None)) is None
        for other in ("/bin/sh", b"/bin/sh", None):
            with pytest.raises(LeavesTheExercise):
                hook(event, (other, [], None, None))


def test_nothing_is_written_elsewhere(hook, tmp_path: Path) -> None:
    with pytest.raises(LeavesTheExercise):
        hook("open", (str(tmp_path / "elsewhere"), "w", WRITES))
    with pytest.raises(LeavesTheExercise):
        hook("os.rename", (str(tmp_path / "a"), str(tmp_path / "b"), -1, -1))


def test_a_link_hides_nothing(hook, own: Path) -> None:
    (own / "link").symlink_to(own.parents[1] / "amana.sqlite3")
    with pytest.raises(LeavesTheExercise):
        hook("open", (str(own / "link"), "r", READS))


@pytest.mark.parametrize(
    "event",
    [
        *("socket.connect", "socket.sendto", "socket.getaddrinfo"),
        *("socket.gethostbyname", "os.system", "os.exec"),
    ],
)
def test_nothing_is_sent(hook, event: str) -> None:
    with pytest.raises(LeavesTheExercise):
        hook(event, (None, ("127.0.0.1", 25)))


TRIED = """
    import pathlib, smtplib, socket, sqlite3, sys, urllib.request
    from amana.sandbox.closure import LeavesTheExercise, shut
    own, beside = map(pathlib.Path, sys.argv[1:])
    shut(own, never=[beside])
    tries = {
        "mail": lambda: smtplib.SMTP("127.0.0.1", 25),
        "web": lambda: urllib.request.urlopen("http://localhost/"),
        "name": lambda: socket.gethostbyname("example.org"),
        "packet": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(
            b"x", ("127.0.0.1", 9)
        ),
        "key": lambda: (beside / "audit-log.key").read_bytes(),
        "database": lambda: sqlite3.connect(beside / "amana.sqlite3"),
        "write": lambda: (beside / "new").write_text("x"),
    }
    for name, tried in tries.items():
        try:
            tried()
        except LeavesTheExercise:
            continue
        except Exception as error:
            if not isinstance(error.__cause__ or error.__context__, LeavesTheExercise):
                print(name, repr(error))
                continue
            continue
        print(name, "got out")
    (own / "own").write_text("x")
"""


def test_in_a_process_no_library_gets_round_it(own: Path) -> None:
    """By the ways that programs really use; each of them works without the hook."""
    beside = own.parents[1]
    (beside / "audit-log.key").write_bytes(b"secret")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(TRIED), str(own), str(beside)],
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "TMPDIR": str(own)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    assert (own / "own").exists()
