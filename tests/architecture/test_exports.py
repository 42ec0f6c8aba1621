"""People's data leaves by one way: `amana/trust/exports`.

A function that hands out a file is either what a kind of export calls to write it, and
so has an `export`, or it is listed here with why no person's data is in it. The same
for a page that offers to be printed: it is drawn as an export, or is listed."""

import ast
from pathlib import Path

from .code import PRODUCT, called, calls, functions, modules, tree, where

HANDS_OUT = {"send_file", "name_download", "StreamingHttpResponse", "FileResponse"}

NO_PERSON = {
    # what all may read: the mechanism, services, figures, courses
    "amana/design/mechanism/views/file_pages.py",
    "amana/design/public_directory/views.py",
    "amana/design/mechanism/documents/views.py",
    "amana/design/simulation/views.py",
    "amana/exchange/bpmn/views.py",
    "amana/exchange/hsds/views.py",
    "amana/exchange/directory_api/lists.py",
    "amana/exchange/learning/lessons/taking.py",
    "amana/academy/authoring/views.py",
    "amana/academy/practice/labs/views/bargaining.py",
    "amana/academy/offline/views.py",
    "amana/academy/sessions/views/calendar.py",
    "amana/academy/toolkits/views.py",
    "amana/academy/credentials/views.py",
    # an exercise on paper: everyone in it is invented
    "amana/academy/exercises/kit_views.py",
    # the kit of a session: everyone in it is invented
    "amana/academy/sessions/views/kit_pages.py",
    # what learners hand in, for whoever marks it: of no one who is helped
    "amana/academy/assessment/views.py",
    # how far learners are who share it with those who lead their cohort, and counts
    "amana/academy/cohorts/views/progress_pages.py",
    # what was made in a practice installation, where everyone is invented
    "amana/practising/views.py",
    "amana/academy/installations/toolkit_views.py",
    # figures, in which small groups are suppressed before
    "amana/exchange/figures/views.py",
    "amana/insight/briefs/views/edition_pages.py",
    "amana/insight/costing/views/costing_pages.py",
    "amana/insight/gaps/views.py",
    "amana/insight/measure/views.py",
    "amana/insight/release/public_releases.py",
    # what an open page is told: that something changed
    "amana/ui/streams.py",
    # the door itself
    "amana/ui/http.py",
}
NO_NAMES = {
    # one's own appointments: times, and not with whom
    "amana/care/referrals/views/calendar.py:own_file",
    # the program that checks the log
    "amana/trust/oversight/views.py:checker",
    # headings and words of a directory's file, and what they mean
    "amana/exchange/imports/views/mapping_pages.py:mapping_file",
    # the program of a witness, and a checkpoint of the log for it
    "amana/trust/witness/views.py:program",
    "amana/trust/witness/views.py:take_request",
}

PRINTED = {
    # lists as they are seen, with who printed them on each page
    "amana/care/cases/templates/cases/mine.html",
    "amana/care/cases/templates/cases/team.html",
    "amana/care/cases/templates/cases/watch.html",
    "amana/care/referrals/templates/referrals/calendar.html",
    "amana/care/referrals/templates/referrals/inbox.html",
    "amana/care/referrals/templates/referrals/late.html",
    "amana/care/referrals/templates/referrals/sent.html",
    # who has looked at a case, as the person is shown it
    "amana/trust/oversight/templates/oversight/case.html",
}
OF_THE_HOUSE = {
    # colleagues, terms and incidents: of no one who is helped
    "amana/trust/access/templates/access/invited.html",
    "amana/trust/operation/templates/operation/state.html",
    "amana/trust/oversight/templates/oversight/breach.html",
    "amana/trust/retention/templates/retention/now.html",
    "amana/trust/recovery/templates/recovery/print_share.html",
    "amana/trust/vault/templates/vault/recovery_code.html",
    "amana/trust/witness/templates/witness/carry.html",
    "amana/trust/witness/templates/witness/paper.html",
    "amana/trust/witness/templates/witness/witnesses.html",
}
FOR_THE_PERSON = {
    # goes into the person's hands: what was read to them, their number
    "amana/care/consent/templates/consent/consent.html",
    "amana/care/consent/templates/consent/text.html",
    "amana/care/referrals/templates/referrals/person_slip.html",
    # what the person agreed to share, on its way to whoever has no Amana: a disclosure
    # of its own, in the log with its consent
    "amana/care/referrals/templates/referrals/outside.html",
    "amana/care/referrals/templates/referrals/sheet.html",
}
CARE = ("care", "trust", "home", "notifications")
MARK, SHEET = 'include "ui/print_mark.html"', '{% extends "exports/sheet.html" %}'


def hands_out(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(called(call) in HANDS_OUT for call in calls(function))


def is_export(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = [*function.args.args, *function.args.kwonlyargs]
    return any(
        argument.annotation is not None
        and ast.unparse(argument.annotation).strip("'\"") == "Export"
        for argument in given
    )


def around(path: Path) -> set[str]:
    """The functions of a module that hand out something past the one way."""
    return {
        f"{where(path)}:{function.name}"
        for function in functions(tree(path))
        if hands_out(function) and not is_export(function)
    }


def test_every_file_with_peoples_data_is_an_export() -> None:
    found = {
        name
        for path in modules()
        if where(path) not in NO_PERSON
        for name in around(path)
    }
    assert found == NO_NAMES


def test_what_is_listed_still_hands_out() -> None:
    assert {w for w in NO_PERSON if not around(PRODUCT.parent / w)} == set()


def printable() -> dict[str, str]:
    pages = {
        path.relative_to(PRODUCT.parent).as_posix(): path.read_text()
        for wing in CARE
        for path in sorted((PRODUCT / wing).rglob("*.html"))
    }
    return {name: text for name, text in pages.items() if "{% print_button" in text}


def test_every_page_to_print_is_an_export_or_listed() -> None:
    found = {name for name, text in printable().items() if not text.startswith(SHEET)}
    assert found == PRINTED | FOR_THE_PERSON | OF_THE_HOUSE


def test_a_printed_list_says_who_printed_it_and_a_persons_own_paper_does_not() -> None:
    pages = printable()
    assert all(MARK in pages[name] for name in PRINTED)
    assert not any("print_mark" in pages[name] for name in FOR_THE_PERSON)


def test_the_checks_notice_what_they_forbid() -> None:
    planted = "def view(request):\n    return send_file(b'', 'text/csv', 'cases.csv')"
    [function] = functions(ast.parse(planted))
    assert hands_out(function)
    assert not is_export(function)
    [function] = functions(ast.parse(planted.replace("request", "x, export: Export")))
    assert is_export(function)
