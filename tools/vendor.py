"""Fetch what vendor.toml names, from npm, and check it; `python -m tools.vendor`.

Needs npm, which nothing else does. `--accept` writes the hashes of what came into
vendor.toml instead of checking them: for a new version, whose changes were read.
"""

import hashlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "vendor.toml"
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=\S+?( \*/|\*/)?\s*$")


class NotWhatWasAgreed(Exception):
    pass


def packages() -> dict[str, Any]:
    return tomllib.loads(LIST.read_text())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def fetch(name: str, version: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        words = ["npm", "pack", "--silent", f"{name}@{version}"]
        subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return next(Path(folder).glob("*.tgz")).read_bytes()


def unpack(archive: bytes, path: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        file = tar.extractfile(f"package/{path}")
        assert file is not None, f"{path} is no file"
        return SOURCE_MAP.sub(b"\n", file.read())


def agree(what: str, content: bytes, agreed: str, accept: bool) -> None:
    """Nothing is written that is not what vendor.toml says, unless it is accepted."""
    found = sha256(content)
    if found == agreed:
        return
    if not accept:
        raise NotWhatWasAgreed(f"{what} is {found}, but vendor.toml has {agreed}.")
    note(what, found)


def note(what: str, found: str) -> None:
    """Put the hash under the line that names what it is of."""
    named = re.escape(what)
    line = rf'((?:^\["?{named}"?\]|^to = "{named}")(?:\n(?!\[).*)*?\nsha256 = )"\w*"'
    text = re.sub(line, rf'\1"{found}"', LIST.read_text(), flags=re.MULTILINE)
    LIST.write_text(text)


def main(accept: bool) -> None:
    for name, package in packages().items():
        archive = fetch(name, package["version"])
        agree(name, archive, package["sha256"], accept)
        for file in package["files"]:
            content = unpack(archive, file["from"])
            agree(file["to"], content, file["sha256"], accept)
            path = ROOT / file["to"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        print(f"{name} {package['version']}: {len(package['files'])} files")


if __name__ == "__main__":
    main(accept="--accept" in sys.argv[1:])
