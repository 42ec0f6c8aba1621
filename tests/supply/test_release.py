"""A release is the same wherever it is made, and a forged one is refused."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from tests.architecture.code import ROOT
from tools import release

PAGE = ROOT / "docs/security/releases.md"
KEYGEN = shutil.which("ssh-keygen")
pytestmark = pytest.mark.skipif(
    not (KEYGEN and shutil.which("git")), reason="needs git and ssh-keygen"
)
ANYONE = {
    **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
    **{
        f"GIT_{who}_DATE": "2026-11-29T14:00:00+02:00"
        for who in ("AUTHOR", "COMMITTER")
    },
}


def git(folder: Path, *words: str) -> None:
    subprocess.run(
        ["git", *words], cwd=folder, check=True, env=os.environ | ANYONE,
        capture_output=True,
    )  # fmt: skip


def commands(name: str) -> str:
    """The commands under that name on the manual's page."""
    [block] = re.findall(rf"```sh {name}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return str(block)


def run(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """As an operator would, and no further than the first that fails."""
    return subprocess.run(
        ["bash", "-euc", commands],
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small repository of what a release is made of."""
    folder = tmp_path_factory.mktemp("repository")
    for name in ("vendor.toml", "licences.toml", "pyproject.toml", "run"):
        shutil.copy(ROOT / name, folder / name)
    lock = (ROOT / "uv.lock").read_text()
    (folder / "uv.lock").write_text(with_one_wheel_each(lock))
    (folder / "docs").mkdir()
    (folder / "docs/أمانة.txt").write_text("one\ntwo\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=Begin")
    return folder


def with_one_wheel_each(lock: str) -> str:
    """Of 2,000 addresses 150: to check each takes the official schema 20 ms."""
    return re.sub(r"(wheels = \[\n[^\n]+\n)[^\]]*\]", r"\1]", lock)


def clone(repository: Path, folder: Path) -> Path:
    git(folder.parent, "clone", "--quiet", str(repository), str(folder))
    return folder


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Throw-away keys of Ada, who may sign, and of Eve, who may not; and the list."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ada", "ben", "eve"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name],
            check=True,
        )
    public = {name: (folder / f"{name}.pub").read_text() for name in ("ada", "ben")}
    (folder / "allowed_signers").write_text(
        "# who signs\n"
        + "".join(
            f'{name} namespaces="amana-release,git" {key}'
            for name, key in public.items()
        )
    )
    return folder


def make(repository: Path, into: Path, *words: str | Path) -> str:
    """What it says when it makes none; empty when it does."""
    given = map(str, ("--from", repository, "--into", into, *words))
    with redirect_stderr(StringIO()) as said, redirect_stdout(StringIO()):
        failed = release.main([*given])
    assert bool(failed) == bool(said.getvalue())
    return said.getvalue()


def make_elsewhere(repository: Path, into: Path, **around: str) -> None:
    """In a process of its own, which has another hash seed, clock zone and language."""
    command = [sys.executable, "-m", "tools.release", "--from", str(repository)]
    subprocess.run(
        [*command, "--into", str(into)],
        cwd=ROOT,
        env=os.environ | around,
        umask=0o077,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def signing(keys: Path, name: str, key: str = "") -> list[str | Path]:
    allowed = keys / "allowed_signers"
    key_file = keys / (key or name)
    return ["--signer", name, "--key", key_file, "--allowed-signers", allowed]


@pytest.fixture(scope="module")
def released(
    repository: Path, keys: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A release that two people signed."""
    folder = tmp_path_factory.mktemp("released") / "dist"
    assert make(repository, folder, *signing(keys, "ada")) == ""
    assert make(repository, folder, *signing(keys, "ben")) == ""
    return folder


@pytest.fixture
def downloaded(released: Path, keys: Path, tmp_path: Path) -> Path:
    """The folder of an operator, with the release and a list of signers."""
    shutil.copytree(released, tmp_path / "downloaded")
    shutil.copy(keys / "allowed_signers", tmp_path / "downloaded")
    return tmp_path / "downloaded"


def check(folder: Path, name: str = "ada") -> subprocess.CompletedProcess[str]:
    return run(commands("check").replace("NAME", name), folder)


# --- the same everywhere


def test_two_builds_are_equal_whoever_makes_them(
    repository: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "one", tmp_path / "another, longer name"
    assert make(clone(repository, tmp_path / "a"), first) == ""
    other = clone(repository, tmp_path / "b")
    for setting in ("core.autocrlf=true", "tar.umask=0077", "core.eol=crlf"):
        git(other, "config", *setting.split("="))
    zone = {"TZ": "Asia/Kathmandu", "LC_ALL": "ar_JO.UTF-8", "SOURCE_DATE_EPOCH": "1"}
    make_elsewhere(other, second, PYTHONHASHSEED="7", **zone)

    files = {path.name: path.read_bytes() for path in first.iterdir()}
    assert len(files) == 3
    assert files == {path.name: path.read_bytes() for path in second.iterdir()}


def test_the_archive_is_roots_sorted_and_of_the_commits_time(downloaded: Path) -> None:
    [path] = downloaded.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        members = archive.getmembers()
        arabic = [m.name for m in members if m.name.endswith("أمانة.txt")]
        [text] = [archive.extractfile(name) for name in arabic]
        assert text is not None
        assert text.read() == b"one\ntwo\n"
    assert {(m.uid, m.gid, m.uname, m.gname) for m in members} == {
        (0, 0, "root", "root")
    }
    modes = {oct(m.mode & 0o777) for m in members}
    assert modes == {"0o755", "0o644"}
    assert {m.mtime for m in members} == {1795953600}
    assert len({m.name.split("/")[0] for m in members}) == 1
    assert path.read_bytes()[:10] == bytes.fromhex("1f8b0800") + (
        (1795953600).to_bytes(4, "little") + b"\x02\xff"
    )


def test_what_is_not_committed_is_not_released(
    repository: Path, tmp_path: Path
) -> None:
    folder = clone(repository, tmp_path / "changed")
    (folder / "docs/more.txt").write_text("not committed")
    assert "docs/more.txt" in make(folder, tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


def test_another_build_is_neither_replaced_nor_signed(
    repository: Path, keys: Path, downloaded: Path
) -> None:
    [parts] = downloaded.glob("*.cdx.json")
    parts.write_text(parts.read_text().replace("2.0.1", "2.0.2", 1))
    altered = parts.read_bytes()
    said = make(repository, downloaded, *signing(keys, "ada"))
    assert f"holds another build of: {parts.name}" in said
    assert parts.read_bytes() == altered


def is_clone() -> bool:
    """Whether git reads this source; it reads no one else's."""
    asked = ["git", "-C", str(ROOT), "rev-parse", "--verify", "HEAD"]
    there = shutil.which("git") is not None
    return there and subprocess.run(asked, capture_output=True).returncode == 0


@pytest.mark.skipif(not is_clone(), reason="this is no clone that git reads")
def test_this_very_source_is_released_whole_and_starts(tmp_path: Path) -> None:
    commit = release.Commit(ROOT, "HEAD", 0)
    tree = release.git(ROOT, "ls-tree", "-r", "-z", "--name-only", "HEAD")
    (tmp_path / "whole.tar").write_bytes(commit.archive("amana-0"))
    with tarfile.open(tmp_path / "whole.tar") as archive:
        files = {m.name for m in archive.getmembers() if m.isfile()}
        archive.extractall(tmp_path, filter="data")
    assert files == {f"amana-0/{name}" for name in tree.decode().split("\0") if name}
    started = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=tmp_path / "amana-0",
        env=os.environ | {"AMANA_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
    )
    assert "no issues" in started.stdout, started.stderr


# --- what the manual tells an operator to do


def test_a_release_is_checked_by_the_commands_of_the_manual(
    downloaded: Path, repository: Path
) -> None:
    for name in ("ada", "ben"):
        done = check(downloaded, name)
        assert done.returncode == 0, done.stderr
        assert f'Good "amana-release" signature for {name}' in done.stdout
        assert done.stdout.count(": OK") == 2
        head = release.git(repository, "rev-parse", "HEAD").decode()
        assert done.stdout.endswith(head)
    said = run(commands("fingerprints"), downloaded).stdout
    assert len(re.findall(r"^256 SHA256:\S+", said, re.MULTILINE)) == 2


@pytest.mark.parametrize("part", ["*.cdx.json", "*.tar.gz"])
def test_an_altered_file_is_refused(downloaded: Path, part: str) -> None:
    [path] = downloaded.glob(part)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    done = check(downloaded)
    assert done.returncode != 0
    assert f"{path.name}: FAILED" in done.stdout


def test_a_forged_archive_with_sums_of_its_own_is_refused(downloaded: Path) -> None:
    [path] = downloaded.glob("*.tar.gz")
    path.write_bytes(b"forged")
    files = [path for path in downloaded.iterdir() if path.name.startswith("amana-")]
    (downloaded / "SHA256SUMS").write_text(
        "".join(
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
            for path in files
        )
    )
    assert run("sha256sum --check --strict SHA256SUMS", downloaded).returncode == 0
    done = check(downloaded)
    assert done.returncode != 0
    assert "Signature verification failed" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("key", "namespace"), [("eve", "amana-release"), ("ada", "file"), ("ada", "git")]
)
def test_a_signature_of_another_key_or_for_something_else_is_refused(
    downloaded: Path, keys: Path, key: str, namespace: str
) -> None:
    sums = downloaded / "SHA256SUMS"
    signature = downloaded / "SHA256SUMS.ada.sig"
    command = ["ssh-keygen", "-Y", "sign", "-f", str(keys / key), "-n", namespace]
    with sums.open() as content, signature.open("w") as out:
        subprocess.run(command, stdin=content, stdout=out, check=True)
    assert check(downloaded).returncode != 0


def test_the_list_of_signers_that_comes_along_is_empty_or_has_real_keys(
    tmp_path: Path,
) -> None:
    allowed = ROOT / "docs/security/allowed_signers"
    lines = [x for x in allowed.read_text().splitlines() if not x.startswith("#")]
    for line in lines:
        assert re.fullmatch(r'[\w.-]+ namespaces="amana-release,git"( \S+)? .*', line)
        (tmp_path / "key").write_text(line.rpartition('" ')[2])
        assert run("ssh-keygen -lf key", tmp_path).returncode == 0
    said = "the list of signers is empty" in PAGE.read_text()
    assert said == (lines == [])


@pytest.mark.parametrize(("name", "key"), [("eve", "eve"), ("ada", "eve")])
def test_who_is_not_on_the_list_leaves_no_signature(
    repository: Path, keys: Path, tmp_path: Path, name: str, key: str
) -> None:
    said = make(repository, tmp_path / "dist", *signing(keys, name, key))
    assert f"does not list {name} with this key" in said
    assert list((tmp_path / "dist").glob("*.sig")) == []


def test_an_archive_is_compared_with_a_clone_by_the_command_of_the_manual(
    downloaded: Path, repository: Path, tmp_path: Path
) -> None:
    [path] = downloaded.glob("*.tar.gz")
    version = path.name.removeprefix("amana-").removesuffix(".tar.gz")
    command = commands("compare").replace("COMMIT", "HEAD").replace("VERSION", version)
    folder = clone(repository, tmp_path / "compared")
    shutil.copy(path, folder)
    done = run(command, folder)
    assert (done.returncode, done.stdout) == (0, "")
    (folder / "docs/أمانة.txt").write_text("another")
    git(folder, "commit", "--quiet", "--all", "--message=Change")
    assert run(command, folder).returncode != 0


def test_a_tag_is_signed_and_checked_by_the_commands_of_the_manual(
    repository: Path, keys: Path, tmp_path: Path
) -> None:
    folder = clone(repository, tmp_path / "tagged")
    [sign] = re.findall(r"`(git -c gpg\.format=ssh .*?)`", PAGE.read_text())
    verify = commands("tag").replace("VERSION", "9")
    shutil.copy(keys / "allowed_signers", folder)
    for key, good in [("ada", True), ("eve", False)]:
        named = sign.replace("~/.ssh/amana_release", str(keys / key))
        git(
            folder, *named.replace("VERSION", "9").split()[1:], "--message=9", "--force"
        )
        assert (run(verify, folder).returncode == 0) is good
