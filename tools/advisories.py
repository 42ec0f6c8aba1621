"""Ask OSV about known weaknesses of what we install: `./run advisories`.

Ends with 0 if the source answered for each part and knows nothing, with 1 if it knows
of a weakness, with 3 if it did not answer for each part: then there may be weaknesses
that were not checked. Uses the standard library alone, so that a server can ask for
itself: `.venv/bin/python -m tools.advisories`. (`uv audit` asks the same source, about
uv.lock alone.)
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tools.dependencies import Dependency, Scope, Sources, read_dependencies

ROOT = Path(__file__).resolve().parent.parent
OSV = "https://api.osv.dev"
TIMEOUT = 30
PAGES = 50
"""More than any part has; a source that goes on without end is broken."""

ECOSYSTEMS = {"pkg:pypi": "PyPI", "pkg:npm": "npm"}
"""As OSV calls them, and as `uv audit` asks it."""
NUMBER = re.compile(r"[\w.:-]{1,100}")
"""Of an advisory; nothing else of what the source says is printed."""

NOTHING_KNOWN, SOMETHING_KNOWN, NOT_CHECKED = 0, 1, 3  # argparse ends with 2


class NotAnswered(Exception):
    """The source did not answer, or not in a way that can be read for sure."""


@dataclass
class Answer:
    known: dict[Dependency, set[str]] = field(default_factory=dict)
    """Numbers of advisories by the part that they are about."""
    trouble: str = ""
    """Why the source did not answer for each part; empty: it did."""


def ask(source: str, parts: Sequence[Dependency]) -> Answer:
    """Ask about all parts, page by page; what was known before a trouble is kept."""
    answer = Answer()
    todo = dict.fromkeys(parts, "")
    for _page in range(PAGES):
        try:
            results = ask_page(source, todo)
        except NotAnswered as error:
            answer.trouble = str(error)
            return answer
        said = dict(zip(todo, results, strict=True))
        for part, result in said.items():
            if result.ids:
                answer.known.setdefault(part, set()).update(result.ids)
        todo = {part: said[part].next_page for part in said if said[part].next_page}
        if not todo:
            return answer
    answer.trouble = f"It has more than {PAGES} pages about one part"
    return answer


@dataclass(frozen=True)
class Result:
    """What one page of the source says about one part."""

    ids: list[str]
    next_page: str


def ask_page(source: str, todo: Mapping[Dependency, str]) -> list[Result]:
    """One result for each part, in their order. Raises NotAnswered."""
    queries = [_query(part, page) for part, page in todo.items()]
    request = Request(
        f"{source}/v1/querybatch",
        json.dumps({"queries": queries}).encode(),
        {"Content-Type": "application/json", "User-Agent": "amana-advisories"},
    )
    try:
        with urlopen(request, timeout=TIMEOUT) as response:
            said = json.load(response)
        results = [_result(result) for result in said["results"]]
    except (OSError, HTTPException) as error:
        said = f"{type(error).__name__} {getattr(error, 'code', '')}".rstrip()
        raise NotAnswered(f"It could not be reached: {said}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotAnswered("Its answer can't be read") from error
    if len(results) != len(queries):
        raise NotAnswered(f"It answered {len(results)} of {len(queries)} questions")
    return results


def _query(part: Dependency, page: str) -> dict[str, Any]:
    ecosystem = ECOSYSTEMS[part.purl.partition("/")[0]]
    package = {"name": part.name, "ecosystem": ecosystem}
    query: dict[str, Any] = {"package": package, "version": part.version}
    return query | {"page_token": page} if page else query


def _result(said: Any) -> Result:
    """Raises ValueError, TypeError or KeyError for what is no result."""
    if not isinstance(said, dict):
        raise TypeError
    ids = [advisory["id"] for advisory in said.get("vulns", ())]
    next_page = said.get("next_page_token", "")
    if not all(NUMBER.fullmatch(number) for number in ids):
        raise ValueError
    if not isinstance(next_page, str):
        raise TypeError
    return Result(ids, next_page)


# --- in words


def report(source: str, parts: Sequence[Dependency]) -> int:
    """Print what is known, and say how it ended."""
    answer = ask(source, parts)
    for part in parts:
        for number in sorted(answer.known.get(part, ())):
            tests = ", in tests alone" if part.scope == Scope.EXCLUDED else ""
            address = f"https://osv.dev/vulnerability/{number}"
            print(f"{part.name} {part.version}{tests}: {number} {address}")
    if answer.trouble:
        print(
            f"NOT CHECKED: {source} did not answer for each of the {len(parts)} parts. "
            f"{answer.trouble}. So not all parts were checked: ask again.",
            file=sys.stderr,
        )
    if answer.known:
        print(f"{len(answer.known)} of {len(parts)} parts have known weaknesses.")
        return SOMETHING_KNOWN
    if answer.trouble:
        return NOT_CHECKED
    print(f"{source} knows nothing about any of the {len(parts)} parts.")
    return NOTHING_KNOWN


def main(words: list[str]) -> int:
    options = argparse.ArgumentParser(prog="./run advisories", description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--source", default=OSV, help="a source with OSV's interface")
    chosen = options.parse_args(words)
    names = ("uv.lock", "vendor.toml", "licences.toml")
    sources = Sources(*((ROOT / name).read_text() for name in names))
    return report(chosen.source.rstrip("/"), read_dependencies(sources))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
