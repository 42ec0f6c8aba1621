"""A test that can't fail is worse than none."""

import ast

import pytest

from tests.architecture.code import (
    called,
    calls,
    functions,
    modules,
    modules_of_tests,
    nodes,
    tree,
    where,
)

CHECKS = {
    *("raises", "warns", "expect", "fail", "check", "require", "full_clean"),
    *("require_files", "run_checks"),
    *("validate", "check_schema"),
}
"""Calls that fail when something isn't so; besides, names that begin with `assert`."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def can_fail(function: Function, known: dict[str, Function], seen: set[str]) -> bool:
    """It asserts something, itself or by a function of the same file."""
    seen.add(function.name)
    if any(asserts(node) for node in ast.walk(function)):
        return True
    for call in calls(function):
        name = called(call)
        helper = known.get(name)
        if helper and name not in seen and can_fail(helper, known, seen):
            return True
    return False


def asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    if isinstance(node, ast.Call):
        name = called(node)
        return name in CHECKS or name.startswith(("assert", "django_assert"))
    return False


def test_every_test_can_fail() -> None:
    idle = []
    for path in modules_of_tests():
        known = {function.name: function for function in functions(tree(path))}
        idle += [
            where(path, function)
            for function in functions(tree(path))
            if function.name.startswith("test_")
            and not can_fail(function, known, set())
        ]
    assert idle == []


def test_an_idle_test_is_noticed() -> None:
    module = ast.parse(
        "def test_idle():\n    assert True\n"
        "def test_by_a_helper():\n    looks_right()\n"
        "def looks_right():\n    assert x == 1\n"
        "def test_refused():\n    with pytest.raises(E): x()\n"
    )
    known = {function.name: function for function in functions(module)}
    idle = [n for n, f in known.items() if not can_fail(f, known, set())]
    assert idle == ["test_idle"]


def test_no_test_is_marked_away() -> None:
    """A skip says what is absent; nothing is expected to fail."""
    assert [
        where(path, node)
        for path in modules_of_tests()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and (
            node.attr == "xfail"
            or (node.attr == "skip" and ast.unparse(node) == "pytest.mark.skip")
        )
    ] == []


def test_names_are_sentences() -> None:
    assert [
        where(path, function)
        for path in modules_of_tests()
        for function in functions(tree(path))
        if function.name.startswith("test_") and len(function.name.split("_")) < 4
    ] == []


def depends_on_the_folder(node: ast.AST) -> bool:
    """Whether it searches a whole path for a folder's name: also what the folder is
    called in which the clone lies."""
    match node:
        case ast.Compare(
            left=ast.Constant(), ops=[ast.In() | ast.NotIn()], comparators=[searched]
        ):
            return takes_whole_path(searched)
        case ast.BinOp(left=ast.Set(), op=ast.BitAnd(), right=searched):
            return any(map(takes_whole_path, ast.walk(searched)))
    return False


def takes_whole_path(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr="parts", value=path):
            return not (isinstance(path, ast.Call) and called(path) == "relative_to")
    return False


def test_no_test_depends_on_the_folder_of_the_clone() -> None:
    assert [
        where(path, node)
        for path in [*modules(), *modules_of_tests()]
        for node in nodes(path)
        if depends_on_the_folder(node)
    ] == []


@pytest.mark.parametrize(
    "planted",
    [
        "'tests' not in path.parts",
        "'vendor' in Path(name).parts",
        "{'tests', 'migrations'} & set(path.parts)",
        "{'tests'} & {*path.parts}",
    ],
)
def test_a_search_of_a_whole_path_is_noticed(planted: str) -> None:
    assert any(map(depends_on_the_folder, ast.walk(ast.parse(planted))))
    mended = planted.replace(".parts", ".relative_to(ROOT).parts")
    assert not any(map(depends_on_the_folder, ast.walk(ast.parse(mended))))
