"""Who signed the version that an installation is brought to (docs/security/releases).

The list of signers is that of the version that runs: the one that comes along with a
version says nothing about it. Nothing but Python's own library, git and ssh-keygen is
used."""

import gzip
import hashlib
import re
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tools.machine import Machine, Refused, run

SUMS = "SHA256SUMS"
NAMESPACE = "amana-release"
SSH = "-----BEGIN SSH SIGNATURE-----"
ANY = re.compile(r"^-----BEGIN (PGP|SSH|SIGNED) ", re.MULTILINE)
GOOD = re.compile(r'^Good "git" signature for (\S+) with ', re.MULTILINE)
OTHER_PROGRAMS = ("gpg.program", "gpg.openpgp.program", "gpg.x509.program")
"""A key in root's own keyring is none of our signers."""


class Coming(Protocol):
    """The version that comes."""

    @property
    def commit(self) -> str:
        """What git is asked for."""

    def signers(self, machine: Machine) -> list[str]:
        """Who signed it; no one, where it carries no signature. Raises Refused where
        one is wrong."""


def find(machine: Machine, version: str) -> Coming:
    """Find what the operator named: a release's archive, or what git knows."""
    if version.endswith(".tar.gz"):
        return Archive(Path(version))
    at = asked(machine, "rev-parse", "--verify", "--quiet", f"refs/tags/{version}")
    if at and asked(machine, "cat-file", "-t", at) == "tag":
        return Tag(version, at)
    return Unsigned(version)


def allowed(machine: Machine) -> Path:
    return machine.code / "docs/security/allowed_signers"


def asked(machine: Machine, *words: str) -> str:
    done = run("git", *words, cwd=machine.code, check=False, capture_output=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def require_ssh_keygen() -> None:
    if not shutil.which("ssh-keygen"):
        raise Refused(
            "ssh-keygen, which checks signatures, is missing. "
            "Install it: apt-get install openssh-client"
        )


@dataclass(frozen=True)
class Unsigned:
    """A branch, a commit, or a tag without a text of its own: none can be signed."""

    commit: str

    def signers(self, machine: Machine) -> list[str]:
        return []


@dataclass(frozen=True)
class Tag:
    """A tag that git keeps as an object, which may be signed."""

    name: str
    commit: str
    """The object’s own number: a name could point elsewhere a moment later."""

    def signers(self, machine: Machine) -> list[str]:
        text = asked(machine, "cat-file", "tag", self.commit)
        if not ANY.search(text):
            return []
        if f"\ntag {self.name}\n" not in text.partition("\n\n")[0] + "\n":
            raise Refused(
                f"The tag {self.name} was signed under another name: an older version "
                "may have been put in its place. Nothing was changed."
            )
        good = GOOD.findall(self._checked(machine)) if SSH in text else []
        if not good:
            raise Refused(wrong(self.name))
        return good

    def _checked(self, machine: Machine) -> str:
        require_ssh_keygen()
        settings = [f"gpg.ssh.allowedSignersFile={allowed(machine)}"]
        settings += ["gpg.ssh.program=ssh-keygen"]
        settings += [f"{program}=false" for program in OTHER_PROGRAMS]
        options = [word for setting in settings for word in ("-c", setting)]
        done = run(
            *("git", *options, "verify-tag", self.commit),
            cwd=machine.code,
            check=False,
            capture_output=True,
        )
        return done.stderr if done.returncode == 0 else ""


@dataclass(frozen=True)
class Archive:
    """The archive of a release, beside its sums and their signatures."""

    path: Path

    @property
    def commit(self) -> str:
        """Of which commit it was made, as git wrote into it."""
        try:
            with tarfile.open(self.path) as archive:
                return archive.pax_headers["comment"]
        except (KeyError, tarfile.TarError, gzip.BadGzipFile, EOFError) as error:
            raise Refused(f"{self.path} is not a release of Amana.") from error

    def signers(self, machine: Machine) -> list[str]:
        signatures = sorted(self.path.parent.glob(f"{SUMS}.*.sig"))
        for signature in signatures:
            if not self._is_good(signature, machine):
                raise Refused(wrong(signature.name))
        if signatures and not self._is_among_the_sums():
            raise Refused(
                f"{self.path.name} is not the file that was signed: its sum is not in "
                f"{SUMS}. Nothing was changed. Ask the people you got it from, through "
                "a different channel."
            )
        return [signer_of(signature) for signature in signatures]

    def _is_good(self, signature: Path, machine: Machine) -> bool:
        require_ssh_keygen()
        words = ("-f", allowed(machine), "-n", NAMESPACE, "-I", signer_of(signature))
        done = run(
            *("ssh-keygen", "-Y", "verify", *words, "-s", signature),
            check=False,
            capture_output=True,
            input=(signature.parent / SUMS).read_text(),
        )
        return done.returncode == 0

    def _is_among_the_sums(self) -> bool:
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines = (self.path.parent / SUMS).read_text().splitlines()
        return f"{digest}  {self.path.name}" in lines


def signer_of(signature: Path) -> str:
    return signature.name.removeprefix(f"{SUMS}.").removesuffix(".sig")


def wrong(what: str) -> str:
    return (
        f"{what} carries a signature that is wrong, or was made with a key that "
        "docs/security/allowed_signers of the installed version does not know. "
        "Nothing was changed. Ask the people you got it from, through a different "
        "channel."
    )
