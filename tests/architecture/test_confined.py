"""What others send is read in a process with limits (ADR 0068).

Whoever takes a file out of a request is listed here: with the function that has it read
in such a process, or with the reason why the server may read it itself.
"""

import ast
import re
from pathlib import Path

import pytest

from .code import ROOT, called, calls, functions, modules, nodes, tree, where

READ_BY = {
    "amana/academy/assessment/views.py:hand_in": (
        "amana/trust/vault/files.py:inspect_file"
    ),
    "amana/academy/authoring/views.py:drafts": (
        "amana/academy/authoring/sent.py:read_sent_zip"
    ),
    "amana/care/cases/views/uploads.py:add": "amana/trust/vault/files.py:inspect_file",
    "amana/design/forms/views.py:check": (
        "amana/design/forms/workbooks.py:read_uploaded_form"
    ),
    "amana/design/mechanism/views/agreeing.py:load": (
        "amana/design/mechanism/sent.py:read_zip"
    ),
    "amana/design/mechanism/views/file_pages.py:put_form": (
        "amana/design/mechanism/sent.py:check_form"
    ),
    "amana/design/mechanism/views/file_pages.py:replace_file": (
        "amana/design/mechanism/sent.py:check_file"
    ),
    "amana/exchange/areas/views.py:start": (
        "amana/exchange/sources/opening.py:open_file"
    ),
    "amana/exchange/imports/views/import_pages.py:start": None,
    "amana/exchange/learning/qti/views.py:bring": (
        "amana/exchange/learning/qti/reading/qti_package.py:read_sent"
    ),
}
"""None: by one of two readers, as `IMPORTERS` has them."""
IMPORTERS = {
    "read_hsds": "amana/exchange/hsds/package.py:iterate_services",
    "open_source": "amana/exchange/sources/confined_reading.py:open_confined",
}
READ_HERE = {
    "amana/academy/authoring/views.py:new": "kept as it is, and 256 kB at most",
    "amana/academy/cohorts/views/inviting.py:send_list": (
        "CSV, 200 kB and 500 lines at most, read line by line"
    ),
    "amana/academy/credentials/endorsement_views.py:new_endorsement": (
        "JSON, 12 kB and a document of keys of 64 kB at most"
    ),
    "amana/academy/credentials/views.py:verify": (
        "4 MB at most, in which a text of 64 kB is found by its place"
    ),
    "amana/academy/offline/views.py:bring": "JSON, 1 MB at most",
    "amana/academy/sessions/views/leader_pages.py:captions": (
        "text, half a megabyte at most, read line by line"
    ),
    "amana/exchange/figures/views.py:classifications": (
        "CSV, 1 MB at most, read line by line"
    ),
    "amana/insight/release/views.py:check": "CSV, 10 MB at most, read line by line",
    "amana/trust/vault/middleware.py:answer_lock": (
        "asks whether there are any, and reads none"
    ),
    "amana/ui/outages.py:iterate_sent_fields": (
        "asks whether there are any, and reads none"
    ),
    "amana/trust/witness/views.py:carry": "one line of text, some kilobytes at most",
}


def takers() -> set[str]:
    """Every function of the product that mentions `request.FILES`."""
    return {
        f"{where(path)}:{function.name}"
        for path in modules()
        if "FILES" in path.read_text()
        for function in functions(tree(path))
        if any(
            isinstance(node, ast.Attribute) and node.attr == "FILES"
            for node in ast.walk(function)
        )
    }


def reached(path: Path, name: str) -> set[str]:
    """The names of all that a function calls, by others of its module too."""
    own = {function.name: function for function in functions(tree(path))}
    found: set[str] = set()
    todo = [name]
    while todo:
        if function := own.get(todo.pop()):
            new = {called(call) for call in calls(function)} - found
            found |= new
            todo += new
    return found


def test_each_file_of_a_request_is_read_in_a_process_with_limits_or_has_a_reason():
    assert takers() == READ_BY.keys() | READ_HERE.keys()


@pytest.mark.parametrize("taker", READ_BY)
def test_what_is_said_to_read_a_file_does(taker: str) -> None:
    module, name = taker.split(":")
    names = reached(ROOT / module, name)
    reader = READ_BY[taker]
    readers = [reader] if reader else list(IMPORTERS.values())
    assert names >= ({reader.split(":")[1]} if reader else IMPORTERS.keys())
    for place in readers:
        file, function = place.split(":")
        assert "run_confined" in reached(ROOT / file, function)
        assert "confined.run_confined(" in (ROOT / file).read_text()


def test_each_kind_of_work_stands_in_the_manual_with_its_limits() -> None:
    manual = (ROOT / "docs/operations/running.md").read_text()
    told = {
        (int(memory.replace(",", "")), int(seconds))
        for memory, seconds in re.findall(r"\| ([\d,]+) MiB \| (\d+) s \|", manual)
    }
    assert told == set(limits())


def limits() -> list[tuple[int, int]]:
    """Of memory and of processor time, wherever they are set."""
    return [
        (said["memory"], said["seconds"])
        for path in modules()
        if "confined.Limits(" in path.read_text()
        for node in nodes(path)
        if isinstance(node, ast.Call) and called(node) == "Limits"
        if (said := {keyword.arg: number(keyword.value) for keyword in node.keywords})
        if "memory" in said
    ]


def number(node: ast.expr) -> int:
    assert isinstance(node, ast.Constant)
    assert isinstance(node.value, int)
    return node.value
