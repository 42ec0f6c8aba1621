"""What a view answers: no "not found" that nobody writes down, and no text shown whose
opening was taken out of the log again.

A thing that isn't there for somebody is looked for with a rule (`Rule.find`, or
`NotAmong` where a rule has said no), so that the attempt reaches the log. And a page is
an answer: what was written to draw it is kept (`ui.once`), so a view that goes on after
a refusal has done nothing else before."""

import ast
from pathlib import Path

import pytest

from .code import called, calls, functions, modules, tree, where

SILENT = {
    # what nobody is kept from: an address with a language that isn't offered, a choice
    # among invented people, the name of an organisation
    "amana/home/views.py:front",
    "amana/demo/signin.py:signin",
    # the wall before who only learns, and it logs each try
    "amana/trust/access/http.py:keep_to_courses",
    "amana/care/referrals/views/sending.py:avoid",
    # figures that are out, which all may read
    "amana/insight/release/public_releases.py:get_published",
    "amana/insight/briefs/public_briefs.py:get_published",
    "amana/insight/briefs/public_briefs.py:get_edition",
    "amana/insight/briefs/public_briefs.py:report_file",
    "amana/insight/release/noised_views.py:public_noised",
    "amana/exchange/figures/views.py:get_release",
    "amana/exchange/figures/views.py:file",
    "amana/exchange/figures/views.py:in_codes",
    # a kind of names that no file has
    "amana/exchange/imports/views/name_pages.py:names",
}


def silently_not_found(module: ast.Module) -> set[str]:
    """The functions of a module that answer 404 without a rule."""
    return {
        function.name
        for function in functions(module)
        if any(isinstance(n, ast.Raise) and is_404(n) for n in ast.walk(function))
        or any(called(call).endswith("_or_404") for call in calls(function))
    }


def is_404(node: ast.Raise) -> bool:
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == "Http404"


def found_in(path: Path) -> set[str]:
    return {f"{where(path)}:{name}" for name in silently_not_found(tree(path))}


def test_no_view_says_not_found_without_a_rule() -> None:
    assert set().union(*map(found_in, modules())) == SILENT


@pytest.mark.parametrize(
    "planted",
    [
        "raise Http404",
        "raise Http404('no')",
        "one = get_object_or_404(things, pk=1)",
        "some = get_list_or_404(things)",
    ],
)
def test_the_check_notices_what_it_forbids(planted: str) -> None:
    assert silently_not_found(ast.parse(f"def view():\n    {planted}")) == {"view"}


# --- what was opened for a page stays in the log


def undone(module: ast.Module) -> list[ast.AST]:
    """Where a module takes back what it wrote, without an exception that says so."""
    return [call for call in calls(module) if called(call) in TAKES_BACK]


TAKES_BACK = {"set_rollback", "rollback", "savepoint_rollback"}


def goes_on_after_half(function: ast.AST) -> list[ast.AST]:
    """Each place where a refusal is caught although another action went before."""
    return [
        attempt
        for attempt in ast.walk(function)
        if isinstance(attempt, ast.Try) and catches_refusal(attempt)
        for others in [[c for c in acts(function) if c.lineno < attempt.lineno]]
        if others or len([c for part in attempt.body for c in acts(part)]) > 1
    ]


def catches_refusal(attempt: ast.Try) -> bool:
    caught = [
        node.id
        for handler in attempt.handlers
        if handler.type and not raises_again(handler)
        for node in ast.walk(handler.type)
        if isinstance(node, ast.Name)
    ]
    return bool({"Refused", "Changed"} & set(caught))


def raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(step, ast.Raise) for step in handler.body)


def acts(within: ast.AST) -> list[ast.Call]:
    """Calls of actions, as views write them: `actions.send(…)`, `consents.give(…)`."""
    return [
        call
        for call in calls(within)
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"actions", "consents", "access", "admission"}
    ]


def views() -> list[Path]:
    return [p for p in modules() if "views" in {p.stem, p.parent.name}]


def test_no_answer_takes_back_what_the_log_says_was_opened() -> None:
    assert [where(p, call) for p in modules() for call in undone(tree(p))] == []


def test_no_view_goes_on_after_half_of_its_work() -> None:
    assert views()
    assert [
        where(path, place)
        for path in views()
        for function in functions(tree(path))
        for place in goes_on_after_half(function)
    ] == []


def test_the_checks_of_pages_notice_what_they_forbid() -> None:
    assert undone(ast.parse("transaction.set_rollback(True)"))
    caught = "try:\n  {}\nexcept Locked:\n  raise\nexcept Refused as no:\n  show(no)"
    assert not goes_on_after_half(ast.parse(caught.format("actions.send(a)")))
    two = caught.format("actions.send(actions.open_case())")
    assert goes_on_after_half(ast.parse(two))
    assert goes_on_after_half(ast.parse("actions.give(a)\n" + caught.format("go()")))
    loud = two.replace("show(no)", "raise")
    assert not goes_on_after_half(ast.parse(loud))


# --- files are handed out by one function


def test_files_are_handed_out_by_one_function() -> None:
    """Not shown as pages of ours, and under a name that cannot break the header."""
    assert [where(path) for path in modules() if hands_out(path.read_text())] == [
        "amana/ui/http.py"
    ]


def hands_out(text: str) -> bool:
    return "Content-Disposition" in text or "as_attachment=" in text
