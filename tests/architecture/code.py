"""The product's files as syntax trees, for the rules in this folder."""

import ast
import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "amana"


@cache
def house() -> dict[Path, ast.Module]:
    """Parse every module of the product and of its tests, once for a whole run."""
    # Python would search again and again through what only grows, for what can be
    # thrown away: two thirds of the time. And afterwards all of it stays.
    gc.disable()
    try:
        return {
            path: ast.parse(path.read_text(), filename=str(path))
            for path in [*modules(), *modules_of_tests()]
        }
    finally:
        gc.freeze()
        gc.enable()


def tree(path: Path) -> ast.Module:
    return house()[path]


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(tree(path)))


@cache
def modules() -> list[Path]:
    """Every module that runs in production."""
    return [
        path
        for path in sorted(PRODUCT.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(PRODUCT).parts)
    ]


@cache
def modules_of_tests() -> list[Path]:
    return [
        path
        for folder in (PRODUCT, ROOT / "tests")
        for path in sorted(folder.rglob("*.py"))
        if "tests" in path.relative_to(ROOT).parts
    ]


def where(path: Path, node: ast.AST | None = None) -> str:
    line = f":{getattr(node, 'lineno', 1)}" if node else ""
    return f"{path.relative_to(ROOT).as_posix()}{line}"


def functions(
    within: ast.AST,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(within):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def called(call: ast.Call) -> str:
    """The last name of what is called: `record` for `audit.log.record(…)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def calls(within: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(within) if isinstance(node, ast.Call))
