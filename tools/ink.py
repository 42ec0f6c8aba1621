"""Compile a course's interviews: `python -m tools.ink FOLDER`.

ink's own compiler does it (inkjs, with the Node of tests/peers). The story carries the
SHA-256 of the file from which it was made, by which `course check` sees whether it is
fresh."""

import json
import sys
from hashlib import sha256
from pathlib import Path

from tests.peers import node


def compiled(sources: dict[str, str]) -> dict[str, str]:
    """Of each interview its story, or SystemExit with what ink says."""
    answers = node.run("ink.mjs", {"sources": sources})
    wrong = [
        f"{name}: {error}"
        for name, answer in answers.items()
        for error in answer["errors"]
    ]
    if wrong:
        raise SystemExit("\n".join(wrong))
    return {
        name: with_source(answer["story"], sources[name])
        for name, answer in answers.items()
    }


def with_source(story: str, source: str) -> str:
    said = {"source": sha256(source.encode()).hexdigest()} | json.loads(story)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


def main(folder: Path) -> None:
    files = {str(path): path for path in sorted(folder.rglob("interviews/*.ink"))}
    sources = {name: path.read_text("utf-8") for name, path in files.items()}
    for name, story in compiled(sources).items():
        Path(f"{name}.json").write_text(story, "utf-8")
        print(f"{name}.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
