"""`./run upgrade`: nobody can work, a backup is made, the new code installs itself. It
is taken only as those signed it whom the version that runs knows."""

import gzip
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.operations.conftest import DATA, KEYS, NEEDED, Machine, a_machine, write

INSTALLS = """#!/bin/sh
n=$(wc -l <"$NOTED") && echo "run $*" >>"$NOTED"
if [ "$n" = "${KILLED_AT:-}" ]; then kill -KILL $PPID; exit 137; fi
[ -z "${CUT:-}" ] || exit 1
"""
ARCHIVES = {
    "DATA": "/var/backups/amana/amana-data-1.age",
    "KEYS": "/var/backups/amana/amana-keys-1.age",
}


def git(machine: Machine, *words: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    return subprocess.check_output(
        ["git", "-C", str(machine.code), *who, *words], text=True
    ).strip()


@pytest.fixture
def installed(machine: Machine) -> Machine:
    return older(machine)


def older(machine: Machine) -> Machine:
    """The older of two versions runs, and backups can be made."""
    write(machine.code / "run", INSTALLS)
    (machine.code / "version").write_text("old")
    (machine.code / ".gitignore").write_text(".venv/\n")
    know(machine, "ada")
    git(machine, "init", "-q", "-b", "main")
    git(machine, "add", ".")
    git(machine, "commit", "-qm", "Old")
    (machine.code / "version").write_text("new")
    git(machine, "commit", "-qam", "New")
    tag(machine, "new", by="ada")
    git(machine, "checkout", "-q", "--detach", "HEAD~1")
    machine.with_systemd()
    both = ("--data-recipient", DATA, "--keys-recipient", KEYS)
    assert machine.install(*NEEDED, *both).returncode == 0
    machine.noted.write_text("")
    return machine


def key_of(machine: Machine, name: str) -> Path:
    key = machine.noted.with_name(f"{name}.key")
    if not key.exists():
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]
        subprocess.run([*make, str(key)], check=True)
    return key


def know(machine: Machine, *names: str) -> None:
    """List them as signers."""
    lines = []
    for name in names:
        public = key_of(machine, name).with_suffix(".key.pub").read_text()
        lines.append(f'{name} namespaces="amana-release,git" {public}')
    write(machine.code / "docs/security/allowed_signers", "".join(lines))


def tag(machine: Machine, name: str, at: str = "HEAD", *, by: str) -> None:
    key = f"user.signingKey={key_of(machine, by)}"
    sign = ("-c", "gpg.format=ssh", "-c", key, "tag", "--sign", "-m", name)
    git(machine, *sign, "--force", name, f"{at}^{{commit}}")


def version(machine: Machine) -> str:
    return (machine.code / "version").read_text()


def note(machine: Machine) -> dict[str, str]:
    lines = (machine.root / "etc/amana.upgrade").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def short(machine: Machine) -> list[str]:
    """What was done, in order, in a word or two each."""
    told = ("systemctl", "python manage.py", "run ")
    return [
        " ".join(call.replace("python manage.py ", "").split()[:2])
        for call in machine.calls()
        if call.startswith(told)
    ]


def test_it_stops_backs_up_and_installs_in_this_order(installed: Machine) -> None:
    before = git(installed, "rev-parse", "HEAD")

    done = installed.run("upgrade", "new")

    assert done.returncode == 0, done.stderr
    assert version(installed) == "new"
    assert short(installed) == [
        "systemctl stop",
        "backup",
        "systemctl stop",
        "run install",
    ]
    assert note(installed) == {"BEFORE": before, **ARCHIVES, "TO": ""}
    assert done.stdout.startswith("Signed by ada.\n")
    assert "way back" in done.stdout
    assert "already" in installed.run("upgrade", "new").stdout


def test_what_was_interrupted_goes_on_with_the_backup_that_was_made(
    installed: Machine,
) -> None:
    before = git(installed, "rev-parse", "HEAD")
    assert installed.run("upgrade", "new", CUT="yes").returncode == 1
    (installed.code / ".git/index.lock").touch()
    (installed.code / "version").write_text("half")
    installed.noted.write_text("")

    done = installed.run("upgrade", "new")

    assert done.returncode == 0, done.stderr
    assert version(installed) == "new"
    assert short(installed) == ["systemctl stop", "run install"]
    assert note(installed) == {"BEFORE": before, **ARCHIVES, "TO": ""}


def test_killed_at_any_command_and_run_again_it_is_the_new_version(
    tmp_path: Path,
) -> None:
    whole = older(a_machine(tmp_path / "whole"))
    assert whole.run("upgrade", "new").returncode == 0
    for number in range(len(whole.calls())):
        cut = older(a_machine(tmp_path / f"cut-{number}"))
        before = git(cut, "rev-parse", "HEAD")
        assert cut.run("upgrade", "new", KILLED_AT=str(number)).returncode == -9
        cut.noted.write_text("")

        again = cut.run("upgrade", "new")

        assert again.returncode == 0, again.stderr
        assert version(cut) == "new"
        assert short(cut)[-1] == "run install"
        assert note(cut) == {"BEFORE": before, **ARCHIVES, "TO": ""}


def test_when_no_backup_can_be_made_people_go_on_working(installed: Machine) -> None:
    done = installed.run("upgrade", "new", FULL_DISK="yes")

    assert done.returncode == 1
    assert version(installed) == "old"
    assert short(installed)[-1] == "systemctl restart"
    assert not (installed.root / "etc/amana.upgrade").exists()


def test_before_the_key_ceremony_it_has_to_be_told(installed: Machine) -> None:
    file: Path = installed.root / "etc/amana.env"
    lines = [line for line in file.read_text().splitlines() if "RECIPIENT" not in line]
    file.write_text("\n".join(lines))

    refused = installed.run("upgrade", "new")
    assert "before the key ceremony" in refused.stderr
    assert version(installed) == "old"
    assert short(installed) == []

    assert installed.run("upgrade", "new", "--without-backup").returncode == 0
    assert version(installed) == "new"


def test_code_that_was_changed_here_is_not_overwritten(installed: Machine) -> None:
    (installed.code / "version").write_text("our own")

    done = installed.run("upgrade", "new")

    assert "git stash" in done.stderr
    assert version(installed) == "our own"
    assert short(installed) == []


def test_a_version_that_git_does_not_know_is_named(installed: Machine) -> None:
    done = installed.run("upgrade", "newest")

    assert done.returncode == 1
    assert "git fetch --tags" in done.stderr
    assert short(installed) == []


# --- who signed it


def refuses(machine: Machine, *words: str) -> str:
    """What it says, having changed nothing."""
    machine.noted.write_text("")
    done = machine.run("upgrade", *words)
    assert done.returncode == 1, done.stdout
    assert version(machine) == "old"
    assert short(machine) == []
    return done.stderr


@pytest.mark.parametrize("what", ["main", "light", "told", "commit"])
def test_what_no_one_signed_needs_a_word_of_its_own(
    installed: Machine, what: str
) -> None:
    git(installed, "tag", "light", "main")
    git(installed, "tag", "--annotate", "-m", "Told", "told", "main")
    named = git(installed, "rev-parse", "main") if what == "commit" else what
    assert "--unsigned" in refuses(installed, named)

    done = installed.run("upgrade", "--unsigned", named)

    assert done.returncode == 0, done.stderr
    assert version(installed) == "new"
    assert "No one signed this version.\n" in done.stdout
    [told] = [call for call in installed.calls() if call.startswith("logger")]
    assert f"Upgrade to {named}" in told
    assert "No one signed this version." in told


def test_a_signature_by_a_key_that_is_not_known_is_refused(installed: Machine) -> None:
    tag(installed, "theirs", "new", by="mallory")
    for words in (["theirs"], ["--unsigned", "theirs"]):
        assert "does not know" in refuses(installed, *words)


def test_the_list_that_comes_along_is_not_believed(installed: Machine) -> None:
    git(installed, "checkout", "-q", "main")
    know(installed, "mallory")
    git(installed, "commit", "-qam", "Know mallory alone")
    tag(installed, "theirs", by="mallory")
    git(installed, "checkout", "-q", "--detach", "new~1")
    assert "does not know" in refuses(installed, "theirs")


def test_a_signed_tag_does_not_pass_under_another_name(installed: Machine) -> None:
    git(installed, "update-ref", "refs/tags/newer", "refs/tags/new")
    assert "under another name" in refuses(installed, "newer")


def test_a_tag_that_was_changed_after_it_was_signed_is_refused(
    installed: Machine,
) -> None:
    signed = git(installed, "cat-file", "tag", "new") + "\n"
    old, new = (git(installed, "rev-parse", name) for name in ("HEAD~0", "main"))
    assert new in signed
    forged = installed.noted.with_name("forged")
    forged.write_text(signed.replace(new, old))
    at = git(installed, "hash-object", "-t", "tag", "-w", "--literally", str(forged))
    git(installed, "update-ref", "refs/tags/new", at)
    git(installed, "checkout", "-q", "--detach", "main")
    (installed.code / "version").write_text("old")
    git(installed, "commit", "-qam", "Elsewhere")

    assert "does not know" in refuses(installed, "new")


@pytest.fixture
def release(installed: Machine) -> Path:
    """The archive of the new version, signed by ada."""
    folder = installed.noted.with_name("release")
    folder.mkdir()
    archive = folder / "amana-2.tar.gz"
    words = ("archive", "--format=tar", "--prefix=amana-2/", "main", "--output")
    git(installed, *words, str(folder / "tar"))
    archive.write_bytes(gzip.compress((folder / "tar").read_bytes()))
    sign(installed, archive, by="ada")
    return archive


def sign(machine: Machine, archive: Path, *, by: str) -> None:
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    sums = archive.with_name("SHA256SUMS")
    sums.write_text(f"{digest}  {archive.name}\n")
    words = ("-Y", "sign", "-q", "-n", "amana-release", "-f", str(key_of(machine, by)))
    subprocess.run(["ssh-keygen", *words, str(sums)], check=True)
    Path(f"{sums}.sig").rename(f"{sums}.{by}.sig")


def test_a_signed_release_brings_its_commit(installed: Machine, release: Path) -> None:
    done = installed.run("upgrade", str(release))
    assert done.returncode == 0, done.stderr
    assert version(installed) == "new"
    assert done.stdout.startswith("Signed by ada.\n")


def test_a_release_with_a_changed_file_is_refused(
    installed: Machine, release: Path
) -> None:
    tar = gzip.decompress(release.read_bytes())
    release.write_bytes(gzip.compress(tar.replace(b"new", b"bad")))
    for words in ([], ["--unsigned"]):
        said = refuses(installed, *words, str(release))
        assert "not the file that was signed" in said


def test_a_release_is_refused_where_one_signature_is_wrong(
    installed: Machine, release: Path
) -> None:
    """Also where another one beside it is right."""
    signature = release.with_name("SHA256SUMS.ada.sig")
    shutil.copy(signature, release.with_name("SHA256SUMS.ben.sig"))
    assert "SHA256SUMS.ben.sig carries" in refuses(installed, str(release))

    release.with_name("SHA256SUMS.ben.sig").unlink()
    signature.unlink()
    sign(installed, release, by="mallory")
    assert "SHA256SUMS.mallory.sig carries" in refuses(installed, str(release))


def test_a_release_without_signatures_needs_the_word_too(
    installed: Machine, release: Path
) -> None:
    release.with_name("SHA256SUMS.ada.sig").unlink()
    assert "--unsigned" in refuses(installed, str(release))
