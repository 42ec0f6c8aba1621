"""What the queue holds of a task names nobody: ids and codes (P10, P40)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from amana.trust.operation.queue import KINDS
from tests.architecture.code import ROOT, modules, tree

CODES = {
    "role": "of the mechanism",
    "roles": "of colleagues",
    "step": "of the mechanism",
    "whom": "recipient, sender, supervisor",
    "urgent": "yes or no",
    "sealed": "for the server; a copy of the database reads nothing in it",
    "sequence": "how often a session was changed",
    "turn": "how many steps of an import were begun",
}
"""Arguments that are the same for everyone, and why."""


def tasks() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each background task, by its path."""
    for path in modules():
        for function in tree(path).body:
            if isinstance(function, ast.FunctionDef) and is_task(function):
                yield f"{module(path)}.{function.name}", function


def is_task(function: ast.FunctionDef) -> bool:
    return any(
        ast.unparse(decorator).split("(")[0] in {"task", "tasks.task"}
        for decorator in function.decorator_list
    )


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def speaking(function: ast.FunctionDef) -> list[str]:
    """The arguments by which a task could carry words."""
    arguments = [a.arg for a in (*function.args.args, *function.args.kwonlyargs)]
    return [a for a in arguments if a not in CODES and not a.endswith(("_id", "_ids"))]


def test_a_task_carries_ids_and_codes() -> None:
    assert {path: found for path, f in tasks() if (found := speaking(f))} == {}


def test_an_administrator_reads_what_each_kind_of_task_does() -> None:
    assert KINDS.keys() == {path for path, _function in tasks()}


def test_the_check_notices_words() -> None:
    planted = ast.parse("@task\ndef tell(user_id, name, *, email): ...").body[0]
    assert isinstance(planted, ast.FunctionDef)
    assert is_task(planted)
    assert speaking(planted) == ["name", "email"]
