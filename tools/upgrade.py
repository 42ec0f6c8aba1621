"""Bring this installation to another version: `./run upgrade VERSION`, as root.

Who signed it is checked first, by the list of the version that runs (`signatures`).
This machine's services stop (another server's the operator stops before), a backup is
made, the new code comes, and its own `./run install` does the rest. So nothing is
written between the backup and the new version, and the way back loses nothing
(docs/operations/upgrade.md). Killed in the middle, it is run again:
/etc/amana.upgrade says then that the backup is there already, and which version comes.
"""

import argparse
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from tools import signatures
from tools.install import SERVICES, ended, require_place, start
from tools.machine import Machine, Refused, manage, read_settings, run, say, write


def upgrade(
    machine: Machine, version: str, *, with_backup: bool, may_be_unsigned: bool
) -> None:
    require_place(machine)
    coming = signatures.find(machine, version)
    target, before = commit_of(machine, coming.commit), commit_of(machine, "HEAD")
    if noted(machine).get("TO") != target:
        if target == before:
            say(f"This installation already runs {version}.")
            return
        require_clean(machine)
        require_signed(machine, version, coming, may_be_unsigned=may_be_unsigned)
        archives = stop_and_back_up(machine) if with_backup else {}
        write_note(machine, {"BEFORE": before, **archives, "TO": target})
    stop(machine)
    check_out(machine, target)
    run(machine.code / "run", "install", *same_root(machine), cwd=machine.code)
    write_note(machine, noted(machine) | {"TO": ""})
    say(
        f"\nThis installation now runs {version}. docs/operations/upgrade.md describes "
        "the way back."
    )


def same_root(machine: Machine) -> tuple[str, ...]:
    return () if machine.root == Path("/") else ("--root", str(machine.root))


# --- what has to be so before


def require_clean(machine: Machine) -> None:
    if git(machine, "status", "--porcelain", "--untracked-files=no"):
        raise Refused(
            "Files of the code were changed here. `git status` shows which; "
            "`git stash` sets them aside."
        )


def require_signed(
    machine: Machine, version: str, coming: signatures.Coming, *, may_be_unsigned: bool
) -> None:
    """Say who signed it, here and in the journal. A wrong signature nothing excuses."""
    signers = coming.signers(machine)
    if not signers and not may_be_unsigned:
        raise Refused(
            f"{version} carries no signature, so no one can check whether it is what "
            "the project released. Nothing was changed. If you have checked it in "
            "another way, add --unsigned."
        )
    names = ", ".join(signers)
    sentence = f"Signed by {names}." if names else "No one signed this version."
    say(sentence)
    if shutil.which("logger"):
        said = f"Upgrade to {version}, {coming.commit}. {sentence}"
        run("logger", "-t", "amana-upgrade", said, check=False)


def commit_of(machine: Machine, version: str) -> str:
    return git(machine, "rev-parse", "--verify", "--quiet", f"{version}^{{commit}}")


def check_out(machine: Machine, target: str) -> None:
    """Also where an upgrade was killed while it did so."""
    (machine.code / ".git/index.lock").unlink(missing_ok=True)
    git(machine, "checkout", "--quiet", "--force", "--detach", target)


def git(machine: Machine, *words: str) -> str:
    done = run("git", *words, cwd=machine.code, check=False, capture_output=True)
    if done.returncode:
        raise Refused(
            f"git {words[0]} failed. {done.stderr.strip()}\n"
            "Run `git fetch --tags` first, and name a version that exists."
        )
    return done.stdout.strip()


# --- the backup from before


def stop_and_back_up(machine: Machine) -> dict[str, str]:
    """Make a backup while the services are stopped; if that fails, start them again."""
    if not read_settings(machine.environment).get("BACKUP_KEYS_RECIPIENT"):
        raise Refused(
            "No backup can be made before the key ceremony (key-ceremony.md). If there "
            "is nothing to lose yet, --without-backup upgrades without one."
        )
    stop(machine)
    say("Making a backup …")
    try:
        lines = manage(machine, "backup", stdout=subprocess.PIPE).splitlines()
    except Refused:
        start(machine)
        raise
    paths = [line.rpartition(" (")[0] for line in lines if ".age (" in line]
    return dict(zip(("DATA", "KEYS"), paths, strict=True))


def stop(machine: Machine) -> None:
    if machine.runs_systemd:
        run("systemctl", "stop", *SERVICES)


def note(machine: Machine) -> Path:
    return machine.root / "etc/amana.upgrade"


def noted(machine: Machine) -> dict[str, str]:
    lines = read_settings(note(machine))
    return {name: "".join(shlex.split(value)) for name, value in lines.items()}


def write_note(machine: Machine, lines: dict[str, str]) -> None:
    """Note what there was before; a shell can read it too (`. /etc/amana.upgrade`), so
    what the backup said of its paths is quoted."""
    quoted = {name: value and shlex.quote(value) for name, value in lines.items()}
    text = "".join(f"{name}={value}\n" for name, value in quoted.items())
    write(note(machine), text.encode(), mode=0o600)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./run upgrade", description="Bring this installation to another version."
    )
    parser.add_argument(
        "version",
        help="a tag, branch or commit that git knows here, or a release’s .tar.gz",
    )
    parser.add_argument(
        "--unsigned", action="store_true", help="accept a version that no one signed"
    )
    parser.add_argument("--without-backup", action="store_true")
    parser.add_argument("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    machine = Machine(options.root.resolve())
    return ended(
        lambda: upgrade(
            machine,
            options.version,
            with_backup=not options.without_backup,
            may_be_unsigned=options.unsigned,
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
