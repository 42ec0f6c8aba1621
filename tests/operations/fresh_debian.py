"""Follow the manual word for word on a fresh Debian: `./run fresh-debian`, as root.

A Debian is bootstrapped into a folder, and the shell blocks of docs/operations are run
in it: install, key ceremony, first people, backup, restoration, upgrade, way back. So a
manual that is wrong fails here. Between them people come over HTTP, everything is
killed, and what they wrote has to be there afterwards. systemd is the first process in
there (`boot.sh`), and starts what the units say. With `--postgresql` the database is
PostgreSQL, as the manual says for it.

Debian's mirror and a package index have to be reachable. It takes about ten minutes.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

from tests.architecture.code import ROOT
from tests.operations.browser import Browser, Lost, Person
from tests.operations.debian import Debian, Failed, say
from tests.operations.manual import Section, blocks
from tools.install import SERVICES

NAME, WORDS = "Hope", "A door that I can lock."
SAFE = {"SAFE01", "SAFE05", "SAFE06", "SAFE11", "SAFE13", "SAFE14"}
"""The safety questions that are answered by yes; the others by no."""

PATIENCE = 300
"""Seconds that a busy machine may take to start."""

POSTGRESQL = Section("install", "PostgreSQL, if you want it")
CHECK = Section("install", "Check the installation")
EACH_NIGHT = Section("backup", "Each night")

Step = Section | Callable[["Try"], None]


class Try:
    """One Debian, and what the steps tell each other."""

    def __init__(self, debian: Debian, database: str) -> None:
        self.debian = debian
        self.database = database
        self.this, self.before = commit("HEAD"), commit("HEAD~1")
        self.printed = ""
        self.case = ""
        self.people = (
            Person("ada@example.org", "five grey herons at noon"),
            Person("ben@example.org", "seven tin boats by the quay"),
            Person("cleo@example.org", "nine slow trains in march"),
        )

    def walk(self, step: Step) -> None:
        if isinstance(step, Section):
            self.printed = self.debian.follow(step, self.database)
        else:
            say(f"\n== {(step.__doc__ or '').strip()}")
            step(self)

    def sh(self, script: str) -> str:
        return self.debian.sh(script)


def commit(name: str) -> str:
    words = ["git", "-C", str(ROOT), "rev-parse", "--verify", f"{name}^{{commit}}"]
    return subprocess.check_output(words, text=True).strip()


# --- the steps between


def offer_previous(tried: Try) -> None:
    """The code of the commit before this one is there to clone."""
    tried.debian.offer_code(tried.before)


def offer_this(tried: Try) -> None:
    """This commit is published."""
    tried.debian.offer_code(tried.this)


def systemd_begins(tried: Try) -> None:
    """systemd is the first process, as on a machine."""
    tried.debian.boot()


def units_are_right(tried: Try) -> None:
    """systemd finds nothing wrong with the units."""
    tried.sh("systemd-analyze verify /etc/systemd/system/amana*.service")


def it_serves(tried: Try) -> None:
    """The pages are up."""
    browser, until = Browser(), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if browser.go("/health").page.strip() == "up":
                return
        except (OSError, HTTPException, Lost):  # away, or up before its database is
            pass
        time.sleep(0.1)
    raise Failed(
        "Nothing answers at /health.\n"
        + tried.sh("journalctl --no-pager -n 40 -u 'amana*'")
    )


def modes_are_right(tried: Try) -> None:
    """Nothing is written outside the two folders; others can't read what is written."""
    found = tried.sh(
        "find / -xdev -user amana -not -path '/var/lib/amana*' "
        "-not -path '/var/backups/amana*' -not -path '/proc/*'\n"
        "find /var/lib/amana /var/backups/amana /etc/amana.env "
        "-path /var/lib/amana/static -prune -o -perm /077 -print\n"
        "find /opt/amana -not -type l -perm /022"
    )
    if found:
        raise Failed(f"These have the wrong owner or mode:\n{found}")


def sticks_are_there(tried: Try) -> None:
    """Four sticks lie on the table."""
    tried.sh("mkdir -p /media/data /media/keys /media/server /media/safe")


def people_come(tried: Try) -> None:
    """Two administrators and a case worker join, and a first case is opened."""
    codes = dict(re.findall(r"^ +(\S+@\S+) +([A-Z0-9-]+)$", tried.printed, re.M))
    ada, ben, cleo = tried.people
    for person in (ada, ben):
        person.join(codes[person.email])
    ada.sign_in()
    ada.open("/organisations/1/teams/add").send(of="phone", name="Night shift")
    team = ada.browser.find(r"/teams/(\d+)/propose")
    page = ada.open(f"/teams/{team}/propose")
    page.send(of="email", name="Cleo", email=cleo.email, role="case_worker")
    cleo.join(page.find(r'class="secret-code"><bdi[^>]*>([A-Z0-9-]+)<'))
    to = ben.open("/keys/admissions").find(r'href="(/keys/members/\d+/confirm)"')
    ben.open(to).send(of="compared", compared="on").expect(
        "Your colleague now has access"
    )
    cleo.sign_in()
    tried.case = meet(cleo)


def meet(worker: Person) -> str:
    """Ask the safety questions, and open a case; returns its address."""
    page = worker.open("/cases/meet/?online")
    for _step in range(9):
        if page.has("identity_name"):
            break
        asked = re.findall(r'name="(SAFE\d+)" value="yes"', page.page)
        answers = {name: "yes" if name in SAFE else "no" for name in asked}
        page.send(of="step", go="next", **answers)
    need = {"need-0-type": "SH1", "need-0-words": WORDS}
    page.send(of="identity_name", go="open", identity_name=NAME, **need)
    found = re.fullmatch(r"(/cases/[^/]+/).*", page.address)
    if not found or page.status >= 400:
        raise Failed(f"No case was opened: {page}")
    return found[1]


def case_is_there(tried: Try) -> None:
    """The case worker signs in, and reads what they wrote."""
    it_serves(tried)
    cleo = tried.people[2]
    cleo.sign_in()
    cleo.open(tried.case).expect(NAME)
    cleo.browser.expect(WORDS)


def timers_fire(tried: Try) -> None:
    """The process of the timers has run some by itself, and runs one when told."""
    tried.sh("amana timers --only expire_consents")
    for _second in range(PATIENCE):
        if "OK    Timers" in tried.sh("amana doctor || true"):
            return
        time.sleep(1)
    raise Failed("No timer has run.")


def all_is_well_but_mail(tried: Try) -> None:
    """The doctor finds nothing but the mail server, which is invented."""
    [block] = blocks(CHECK, tried.database)
    found = tried.sh(f"{block.rstrip()} || true")
    wrong = set(re.findall(r"WRONG (.+)", found))
    if not wrong <= {"Mail", "Background tasks"} or "OK    Backup" not in found:
        raise Failed(f"The doctor finds: {sorted(wrong)}")


def everything_is_killed(tried: Try) -> None:
    """Every process of Amana and of its database is killed in the middle of its work;
    Amana's come back by themselves."""
    tried.sh("pkill -KILL -u amana")
    if tried.database == "postgresql":
        tried.sh("pkill -KILL -u postgres\nsystemctl restart postgresql")
    it_serves(tried)
    tried.sh(f"for name in {' '.join(SERVICES)}; do systemctl is-active $name; done")


def the_server_is_lost(tried: Try) -> None:
    """Stopped, backed up, copied elsewhere what the manual says; then the machine is as
    it was before Amana came."""
    tried.sh(f"systemctl stop {' '.join(SERVICES)}")
    tried.walk(EACH_NIGHT)
    tried.sh(
        "cd /var/lib/amana && install -m 600 audit.anchor erased.list /media/safe/\n"
        "cd /var/backups/amana && mkdir /mnt/data /mnt/keys\n"
        "install -m 600 $(ls -t amana-data-* | head -n 1) /mnt/data/\n"
        "install -m 600 $(ls -t amana-keys-* | head -n 1) /mnt/keys/\n"
        "cd / && rm -r /var/lib/amana /var/backups/amana /opt/amana /etc/amana.env\n"
        "rm /usr/local/bin/amana $(find /etc/systemd/system -name 'amana*')\n"
        "userdel amana"
    )
    if tried.database == "postgresql":
        tried.sh(
            "set -- $(pg_lsclusters --no-header)\n"
            "pg_dropcluster --stop $1 $2\npg_createcluster --start $1 $2"
        )


def this_version_runs(tried: Try) -> None:
    """The code is that of this commit."""
    at = tried.sh("git -C /opt/amana rev-parse HEAD").strip()
    if at != tried.this:
        raise Failed(f"The upgrade ended at {at}.")


def previous_version_runs(tried: Try) -> None:
    """The code is that of the commit before."""
    at = tried.sh("git -C /opt/amana rev-parse HEAD").strip()
    if at != tried.before:
        raise Failed(f"The way back ended at {at}.")


def case_is_kept(tried: Try) -> None:
    """The case is there. Someone signed in meanwhile, so two people have to declare."""
    if "two people who never shared a team declare" not in tried.printed:
        raise Failed("after_restore doesn't say that the log was cut back.")
    if tried.sh(COUNT_CASES[tried.database]).strip() != "1":
        raise Failed("The case is gone.")


COUNT_CASES = {
    "postgresql": "runuser -u amana -- psql -h /var/run/postgresql -tA amana "
    "-c 'SELECT count(*) FROM cases_case'",
    "sqlite": '/opt/amana/.venv/bin/python -c "import sqlite3; '
    "house = sqlite3.connect('/var/lib/amana/amana.sqlite3'); "
    "print(house.execute('SELECT count(*) FROM cases_case').fetchone()[0])\"",
}


def second_run_changes_nothing(tried: Try) -> None:
    """The installation runs again, and the secrets stay as they are."""
    before = tried.sh("sha256sum /etc/amana.env")
    tried.sh("cd /opt/amana && ./run install --mail-host other.example.org")
    if tried.sh("sha256sum /etc/amana.env") != before:
        raise Failed("/etc/amana.env was changed by a second run.")


WITHIN = {
    CHECK: all_is_well_but_mail,
    EACH_NIGHT: the_server_is_lost,
}
"""Sections that are run from within a step."""

STORY: tuple[Step, ...] = (
    offer_previous,
    systemd_begins,
    POSTGRESQL,
    Section("install", "Set up"),
    it_serves,
    units_are_right,
    modes_are_right,
    Section("install", "HTTPS"),
    Section("install", "The first people"),
    people_come,
    case_is_there,
    sticks_are_there,
    Section("key-ceremony", "1. The backup keys, on the laptop"),
    Section("key-ceremony", "2. The server"),
    second_run_changes_nothing,
    timers_fire,
    all_is_well_but_mail,
    everything_is_killed,
    case_is_there,
    Section("backup", "The drill"),
    Section("backup", "Point-in-time recovery, on PostgreSQL"),
    the_server_is_lost,
    POSTGRESQL,
    Section("backup", "Restoring"),
    case_is_there,
    offer_this,
    Section("upgrade", "Another version"),
    this_version_runs,
    case_is_there,
    Section("upgrade", "The way back"),
    previous_version_runs,
    case_is_kept,
    modes_are_right,
)


def story(database: str) -> list[Step]:
    """Leave out what the manual says for the other database alone."""
    return [s for s in STORY if not isinstance(s, Section) or blocks(s, database)]


# --- around them


def inside_its_own(root: Path, words: list[str]) -> int:
    """Begin anew where mounts and processes end with us, and are seen by us alone."""
    alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    # A shell is the first process: it takes leave of those that have no other parent.
    alone += ["sh", "-c", '"$@"; exit $?', "sh"]
    again = [sys.executable, "-m", "tests.operations.fresh_debian", *words]
    return subprocess.run([*alone, *again, "--in", str(root)], cwd=ROOT).returncode


def follow(root: Path, base: Path | None, database: str) -> int:
    tried = Try(Debian(root), database)
    try:
        tried.debian.make(base)
        for step in story(database):
            tried.walk(step)
    except (Failed, Lost) as failed:
        say(f"\n{failed}")
        return 1
    finally:
        tried.debian.switch_off()
    say("\nThe manual is right.")
    return 0


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run fresh-debian", description=__doc__)
    parser.add_argument("--base", type=Path, help="a bootstrapped Debian to begin from")
    parser.add_argument(
        "--postgresql",
        dest="database",
        action="store_const",
        const="postgresql",
        default="sqlite",
        help="with PostgreSQL in place of SQLite",
    )
    parser.add_argument("--keep", type=Path, help="where to leave it, to look around")
    parser.add_argument("--in", dest="root", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.root:
        return follow(options.root, options.base, options.database)
    if os.geteuid() != 0:
        sys.exit("To bootstrap a Debian takes root.")
    if not options.base and not shutil.which("debootstrap"):
        sys.exit("debootstrap is missing: apt-get install debootstrap")
    if options.keep:
        options.keep.mkdir(parents=True)
        return inside_its_own(options.keep, words)
    # Deleted here, where none of the mounts inside is seen.
    with tempfile.TemporaryDirectory(prefix="fresh-debian-", dir="/var/tmp") as root:
        return inside_its_own(Path(root), words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
