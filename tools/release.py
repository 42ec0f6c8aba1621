"""Make a release from the newest commit: `./run release`.

Writes into dist/ the source as an archive, the list of its parts (CycloneDX), and the
sums of both. Made again from the same commit, anywhere, they are the same byte for
byte; where dist/ holds files already, nothing is written unless they are. So a second
person puts the files of the first there, builds again, and signs what two machines
agree on.

    ./run release                               build, and compare
    ./run release --signer ada --key FILE       … and sign as ada, who is listed in
                                                docs/security/allowed_signers

The key is one of SSH's; it is read by `ssh-keygen` alone, which asks for its passphrase
or its token.
"""

import argparse
import gzip
import hashlib
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from tools.dependencies import PROJECT, Dependency, Sources, read_dependencies
from tools.sbom import Product, write_sbom

ROOT = Path(__file__).resolve().parent.parent
SUMS = "SHA256SUMS"
NAMESPACE = "amana-release"
"""A signature for something else, by the same key, is none for a release."""

SAME_EVERYWHERE = (
    *("-c", "core.autocrlf=false", "-c", "core.eol=lf"),
    *("-c", "core.attributesFile=/dev/null", "-c", "tar.umask=0022"),
)
"""Overrides the settings of the person who runs git that would change the archive."""


class NotReleased(Exception):
    """Nothing was released; says why."""


@dataclass(frozen=True)
class Commit:
    """One commit of a repository, whatever lies in its folder."""

    folder: Path
    number: str
    at: int

    def read(self, path: str) -> str:
        return git(self.folder, "show", f"{self.number}:{path}").decode()

    def archive(self, name: str) -> bytes:
        """As git archives it: sorted, root's, without a time but the commit's."""
        return git(
            self.folder, "archive", "--format=tar", f"--prefix={name}/", self.number
        )


def git(folder: Path, *words: str) -> bytes:
    command = ["git", *SAME_EVERYWHERE, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True)
    if done.returncode:
        raise NotReleased(done.stderr.decode().strip())
    return done.stdout


def find_commit(folder: Path) -> Commit:
    """The newest commit. Raises NotReleased for a folder with changes beside it."""
    if changed := git(folder, "status", "--porcelain").decode():
        raise NotReleased(f"Commit or stash these changes first:\n{changed}")
    number, at = git(folder, "show", "--no-patch", "--format=%H %ct").decode().split()
    return Commit(folder, number, int(at))


# --- the files


def build(commit: Commit) -> dict[str, bytes]:
    """The files of a release by name, made of nothing but the commit."""
    project = tomllib.loads(commit.read("pyproject.toml"))["project"]
    name = f"{PROJECT}-{project['version']}"
    product = Product(project["version"], project["license"], commit.number, commit.at)
    files = {
        f"{name}.tar.gz": compress(commit.archive(name), commit.at),
        f"{name}.cdx.json": write_sbom(product, _dependencies(commit)).encode(),
    }
    return files | {SUMS: write_sums(files).encode()}


def _dependencies(commit: Commit) -> list[Dependency]:
    names = ("uv.lock", "vendor.toml", "licences.toml")
    return read_dependencies(Sources(*(commit.read(name) for name in names)))


def compress(archive: bytes, at: int) -> bytes:
    """With a header that names no file and no machine."""
    out = BytesIO()
    with gzip.GzipFile("", "wb", compresslevel=9, fileobj=out, mtime=at) as file:
        file.write(archive)
    return out.getvalue()


def write_sums(files: dict[str, bytes]) -> str:
    """As `sha256sum --check` reads them."""
    sums = [(hashlib.sha256(files[name]).hexdigest(), name) for name in sorted(files)]
    return "".join(f"{digest}  {name}\n" for digest, name in sums)


def keep(files: dict[str, bytes], folder: Path) -> None:
    """Write the files. Raises NotReleased where another build lies already."""
    folder.mkdir(parents=True, exist_ok=True)
    differ = [name for name in files if _is_other(folder / name, files[name])]
    if differ:
        raise NotReleased(
            f"{folder} holds another build of: {', '.join(differ)}. Nothing was "
            "written. Two builds of one commit are equal: find out why these are not."
        )
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _is_other(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() != content


# --- signatures


def sign(folder: Path, signer: str, key: Path, allowed: Path) -> Path:
    """Sign the sums, which hold for both files. A signature that operators could not
    check is not left."""
    signature = folder / f"{SUMS}.{signer}.sig"
    sums = (folder / SUMS).read_bytes()
    made = ssh_keygen("sign", "-f", str(key), "-n", NAMESPACE, content=sums)
    signature.write_bytes(made)
    who = ("-f", str(allowed), "-I", signer, "-s", str(signature))
    try:
        ssh_keygen("verify", *who, "-n", NAMESPACE, content=sums)
    except NotReleased as error:
        signature.unlink()
        raise NotReleased(
            f"Not signed: {allowed} does not list {signer} with this key, so no "
            f"operator could check it. {error}"
        ) from error
    return signature


def ssh_keygen(act: str, *words: str, content: bytes) -> bytes:
    command = ["ssh-keygen", "-Y", act, *words]
    done = subprocess.run(command, input=content, capture_output=True)
    if done.returncode:
        said = (done.stderr or done.stdout).decode().strip()
        raise NotReleased(f"ssh-keygen: {said}")
    return done.stdout


def main(words: list[str]) -> int:
    options = argparse.ArgumentParser(prog="./run release", description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--from", dest="folder", type=Path, default=ROOT)
    options.add_argument("--into", type=Path, default=ROOT / "dist")
    options.add_argument("--signer", help="your name in the list of signers")
    options.add_argument("--key", type=Path, help="your key, or its public half")
    options.add_argument("--allowed-signers", type=Path)
    chosen = options.parse_args(words)
    if bool(chosen.signer) != bool(chosen.key):
        options.error("--signer and --key go together.")
    allowed = chosen.allowed_signers or chosen.folder / "docs/security/allowed_signers"
    try:
        files = build(find_commit(chosen.folder))
        keep(files, chosen.into)
        print(files[SUMS].decode(), end="")
        if chosen.signer:
            print(sign(chosen.into, chosen.signer, chosen.key, allowed))
    except NotReleased as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
