"""A fresh Debian in a folder, in which the commands of the manual are run as root."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.code import ROOT
from tests.operations.manual import Section, blocks

SUITE, MIRROR = "trixie", "http://deb.debian.org/debian"
SOURCE = "https://code.example.org/amana.git"
"""Where the manual says that the code comes from: here it comes from this clone."""

ALL_OF_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
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
        self.environment = {"PATH": ALL_OF_PATH, "HOME": "/root", "TERM": "dumb"}

    def make(self, base: Path | None) -> None:
        """Bootstrap it, or copy one that was bootstrapped before."""
        if base and base.exists():
            subprocess.run(["cp", "-a", f"{base}/.", self.root], check=True)
        else:
            words = ["debootstrap", SUITE, str(self.root), MIRROR]
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
            if base:
                subprocess.run(["cp", "-a", self.root, base], check=True)
        self._mount()
        self._reach_the_index()
        self._stand_in_for_systemd()

    def _mount(self) -> None:
        """In our own mount namespace: it ends with us."""
        for name in ("proc", "sys", "dev"):
            at = self.root / name
            at.mkdir(exist_ok=True)
            subprocess.run(["mount", "--rbind", f"/{name}", at], check=True)
        for name in ("run", "dev/shm"):
            at = self.root / name
            subprocess.run(["mount", "-t", "tmpfs", "none", at], check=True)

    def _reach_the_index(self) -> None:
        for name in ("resolv.conf", "hosts"):
            shutil.copyfile(f"/etc/{name}", self.root / "etc" / name)
        certificates = os.environ.get("SSL_CERT_FILE", "")
        if certificates:
            shutil.copyfile(certificates, self.root / CERTIFICATES.lstrip("/"))
            names = ("SSL_CERT_FILE", "PIP_CERT")
            self.environment |= dict.fromkeys(names, CERTIFICATES)
        self.environment |= {
            name: os.environ[name] for name in PASSED_ON if name in os.environ
        }

    def _stand_in_for_systemd(self) -> None:
        (self.root / "run/systemd/system").mkdir(parents=True)
        for name in ("systemctl", "systemd-run"):
            to = self.root / "usr/local/sbin" / name
            shutil.copyfile(Path(__file__).with_name("init.py"), to)
            to.chmod(0o755)
        off = self.root / "usr/local/sbin/poweroff"
        off.write_text("#!/bin/sh\n")
        off.chmod(0o755)

    def sh(self, script: str, *, quietly: bool = False) -> str:
        """Run a script as root; what it prints is shown, and returned."""
        if not quietly:
            for line in script.rstrip().splitlines():
                say(f"  # {line}")
        process = subprocess.Popen(
            ["chroot", str(self.root), "/bin/sh", "-eu"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdin
        assert process.stdout
        process.stdin.write(script)
        process.stdin.close()
        printed = []
        for line in process.stdout:
            printed.append(line)
            if not quietly:
                say(f"  | {line.rstrip()}")
        if process.wait():
            raise Failed(f"This failed:\n{script}\n{''.join(printed[-40:])}")
        return "".join(printed)

    def follow(self, section: Section) -> str:
        """Run a section of the manual, word for word."""
        say(f"\n== {section.page}.md, {section.heading}")
        found = blocks(section)
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


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
