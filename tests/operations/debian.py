"""A fresh Debian in a folder, in which the commands of the manual are run as root."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.architecture.code import ROOT
from tests.operations.manual import Section, blocks

SUITE, MIRROR = "trixie", "http://deb.debian.org/debian"
SOURCE = "https://code.example.org/amana.git"
"""Where the manual says that the code comes from: here it comes from this clone."""

ALL_OF_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
BOOT = Path(__file__).with_name("boot.sh")
CERTIFICATES = "/etc/of-the-index.pem"
PASSED_ON = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_INDEX",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)
"""How this machine reaches its package index."""


class Failed(Exception):
    """A command of the manual did not do what the manual says."""


class Debian:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.group = f"fresh-debian-{time.time_ns()}"
        self.first: int | None = None
        self.enter: list[str] = []
        self.environment = {"PATH": ALL_OF_PATH, "HOME": "/root", "TERM": "dumb"}

    def make(self, base: Path | None) -> None:
        """Bootstrap it, or copy one that was bootstrapped before."""
        if base and base.exists():
            subprocess.run(["cp", "-a", f"{base}/.", self.root], check=True)
        else:
            words = ["debootstrap", SUITE, str(self.root), MIRROR]
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
            self.root.chmod(0o755)  # a temporary folder is its owner's alone
            if base:
                subprocess.run(["cp", "-a", self.root, base], check=True)
        self._reach_the_index()

    def _reach_the_index(self) -> None:
        for name in ("resolv.conf", "hosts"):
            shutil.copyfile(f"/etc/{name}", self.root / "etc" / name)
        # No one is asked for a certificate of a name that isn't ours.
        with (self.root / "etc/hosts").open("a") as hosts:
            hosts.write("127.0.0.1 acme-v02.api.letsencrypt.org acme.zerossl.com\n")
        certificates = os.environ.get("SSL_CERT_FILE", "")
        if certificates:
            shutil.copyfile(certificates, self.root / CERTIFICATES.lstrip("/"))
            names = ("SSL_CERT_FILE", "PIP_CERT")
            self.environment |= dict.fromkeys(names, CERTIFICATES)
        self.environment |= {
            name: os.environ[name] for name in PASSED_ON if name in os.environ
        }

    def boot(self) -> None:
        """Let systemd be the first process in there, and run commands beside it."""
        off = self.root / "usr/local/sbin/poweroff"
        off.write_text("#!/bin/sh\n")  # the ceremony's laptop is another machine
        off.chmod(0o755)
        shell = subprocess.Popen(["sh", BOOT, self.root, self.group])
        self.first = first_process(shell.pid)
        inside = ("--mount", "--pid", "--cgroup", "--root")
        self.enter = ["nsenter", f"--target={self.first}", *inside]
        self.sh(
            "until systemctl is-active --quiet basic.target 2>/dev/null\n"
            "do sleep 0.1; done"
        )

    def switch_off(self) -> None:
        """End all that runs in there, and leave no control group behind."""
        if self.first is None:
            return
        os.kill(self.first, signal.SIGKILL)
        os.wait()
        groups = self.root / "mnt"
        subprocess.run(["mount", "-t", "cgroup2", "cgroup2", groups], check=True)
        each = ["-depth", "-type", "d", "-exec", "rmdir", "{}", ";"]
        subprocess.run(["find", groups / self.group, *each])
        subprocess.run(["umount", groups], check=True)

    def sh(self, script: str, *, quietly: bool = False) -> str:
        """Run a script as root; what it prints is shown, and returned."""
        if not quietly:
            for line in script.rstrip().splitlines():
                say(f"  # {line}")
        process = subprocess.Popen(
            [*self.enter, "/bin/sh", "-euc", script],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout
        printed = []
        for line in process.stdout:
            printed.append(line)
            if not quietly:
                say(f"  | {line.rstrip()}")
        if process.wait():
            raise Failed(f"This failed:\n{script}\n{''.join(printed[-40:])}")
        return "".join(printed)

    def follow(self, section: Section, database: str) -> str:
        """Run a section of the manual, word for word."""
        say(f"\n== {section.page}.md, {section.heading}")
        found = blocks(section, database)
        if not found:
            raise Failed(f"Nothing to run in “{section.heading}”.")
        return "".join(self.sh(block) for block in found)

    def offer_code(self, commit: str) -> None:
        """Let `main` be this commit, where the manual clones from."""
        source = self.root / "srv/amana.git"
        if not source.exists():
            clone = [
                "git",
                "clone",
                "-q",
                "--bare",
                "--no-hardlinks",
                str(ROOT),
                str(source),
            ]
            subprocess.run(clone, check=True)
            (self.root / "etc/gitconfig").write_text(
                f'[url "file:///srv/amana.git"]\n\tinsteadOf = {SOURCE}\n'
            )
        push = ["git", "-C", str(ROOT), "push", "-q", "--force", str(source)]
        subprocess.run([*push, f"{commit}:refs/heads/main"], check=True)
        head = ["git", "-C", str(source), "symbolic-ref", "HEAD", "refs/heads/main"]
        subprocess.run(head, check=True)


def first_process(shell: int) -> int:
    """Find what `boot.sh` began in its own namespace, once it is systemd."""
    children = Path(f"/proc/{shell}/task/{shell}/children")
    for _tenth in range(600):
        with suppress(OSError):  # it ended meanwhile
            for pid in children.read_text().split():
                if Path(f"/proc/{pid}/comm").read_text() == "systemd\n":
                    return int(pid)
        time.sleep(0.1)
    raise Failed("systemd did not begin.")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
