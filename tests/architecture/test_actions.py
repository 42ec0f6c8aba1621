"""Every action leaves a trace in the log, and is done at least once by a test.

An action is a function with `by` that a module or package called actions offers, in a
transaction of its own or of the function that it hands over to. What it is made of
(`write_need`, `rewrap`) has neither, or is called only by other parts of the package.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.code import (
    ROOT,
    called,
    calls,
    modules,
    modules_of_tests,
    tree,
    where,
)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Siblings = dict[str, Function]

UNRECORDED = {
    "plan_next_rows": "reads the next rows of an import; taking them in is recorded",
    # hundreds in an hour, each kept in the room's own record, which is only added to
    "answer_poll": "in a room of the academy",
    "raise_hand": "in a room of the academy",
    "signal_pace": "in a room of the academy",
    "submit_ticket": "in a room of the academy",
    "send_signal": "in a room of the academy",
    "give_feedback": "counted, and by whom is kept nowhere",
    "notify_badges": "a number beside the navigation",
    "record_outcome": "the register of exercises records it",
    "notify": "beside the action that it is about, which is recorded",
    # a decision that can be undone: the action is recorded once it takes effect
    "hold_decision": "nobody else may learn of it before",
    "undo_decision": "nothing was changed",
    "decide_need": "held back",
    "decide_to_close": "held back",
    "make_decoy": "opening and closing a decoy case are recorded, as of any other case",
    "mark_read": "one's own list of notifications; says nothing of a person",
}


def in_actions() -> Iterator[tuple[Path, Function]]:
    for path in modules():
        if path.stem == "actions" or path.parent.name == "actions":
            for function in top_level(path):
                yield path, function


def top_level(path: Path) -> list[Function]:
    return [node for node in tree(path).body if isinstance(node, Function)]


def siblings(path: Path) -> Siblings:
    """The functions of the module, or of the whole package `actions`."""
    package = path.parent.name == "actions"
    files = path.parent.glob("*.py") if package else [path]
    return {function.name: function for file in files for function in top_level(file)}


def room(path: Path) -> Path:
    return path.parent.parent if path.parent.name == "actions" else path.parent


def takes_by(function: Function) -> bool:
    given = [*function.args.args, *function.args.kwonlyargs]
    return "by" in {argument.arg for argument in given}


def is_atomic(function: Function) -> bool:
    return any("atomic" in ast.unparse(said) for said in function.decorator_list)


def reaches(function: Function, among: Siblings) -> Iterator[Function]:
    """The function, and the siblings that it calls, directly or not."""
    found = {function.name: function}
    waiting = [function]
    while waiting:
        for call in calls(waiting.pop()):
            name = called(call) if isinstance(call.func, ast.Name) else ""
            if name in among and name not in found:
                found[name] = among[name]
                waiting.append(among[name])
    yield from found.values()


def is_offered(path: Path, function: Function) -> bool:
    """Whether other rooms may call it: a package lists what it offers."""
    package = path.parent / "__init__.py"
    return path.parent.name != "actions" or function.name in names_offered_by(package)


@cache
def names_offered_by(package: Path) -> set[str]:
    """What is in `__all__`, or imported `as` its own name."""
    listed = [
        name.value
        for node in tree(package).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        for name in ast.walk(node.value)
        if isinstance(name, ast.Constant) and isinstance(name.value, str)
    ]
    imported = [
        name.asname
        for node in tree(package).body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.asname
    ]
    return {*listed, *imported}


def is_action(function: Function, among: Siblings) -> bool:
    return (
        takes_by(function)
        and not function.name.startswith("_")
        and any(is_atomic(part) for part in reaches(function, among))
    )


def writes_log(function: Function) -> bool:
    """Calls `log.record`, or another room's action as `actions.send(…, by=…)`."""
    return any(
        called(call) == "record" or is_delegation(call) for call in calls(function)
    )


def is_delegation(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(
            value=ast.Attribute(attr="actions") | ast.Name(id="actions")
        ):
            return any(keyword.arg == "by" for keyword in call.keywords)
    return False


def is_recorded(function: Function, among: Siblings) -> bool:
    return any(writes_log(part) for part in reaches(function, among))


ACTIONS = [
    (path, function)
    for path, function in in_actions()
    if is_offered(path, function) and is_action(function, siblings(path))
]


def test_every_action_is_recorded() -> None:
    assert [
        f"{where(path, function)} {function.name}"
        for path, function in ACTIONS
        if function.name not in UNRECORDED and not is_recorded(function, siblings(path))
    ] == []


def test_what_is_recorded_is_one_transaction() -> None:
    """The act and its record come together, or not at all."""
    assert [
        f"{where(path, function)} {function.name}"
        for path, function in in_actions()
        if any(called(call) == "record" for call in calls(function))
        and not is_in_transaction(function, siblings(path))
    ] == []


def is_in_transaction(function: Function, among: Siblings) -> bool:
    """It is atomic, or a part of siblings that are."""
    return any(
        is_atomic(other) and function in reaches(other, among)
        for other in [function, *among.values()]
    )


@cache
def called_by_tests_below(folder: Path) -> set[str]:
    return {
        called(call)
        for path in modules_of_tests()
        if path.is_relative_to(folder)
        for call in calls(tree(path))
    }


def test_every_action_is_done_by_a_test_of_its_room() -> None:
    journeys = called_by_tests_below(ROOT / "tests/journeys")
    assert [
        f"{where(path, function)} {function.name}"
        for path, function in ACTIONS
        if function.name not in called_by_tests_below(room(path)) | journeys
    ] == []


def test_every_action_takes_who_acts_by_name() -> None:
    assert [
        where(path, function)
        for path, function in ACTIONS
        if "by" not in {argument.arg for argument in function.args.kwonlyargs}
    ] == []


def test_an_action_without_a_record_is_noticed() -> None:
    module = ast.parse(
        "@transaction.atomic\n"
        "def silent(case, *, by):\n    case.move(1)\n"
        "@transaction.atomic\n"
        "def _recorded(case, *, by):\n    log.record('opened', case, by=by)\n"
        "def by_a_sibling(case, *, by):\n    _recorded(case, by=by)\n"
        "@transaction.atomic\n"
        "def elsewhere(case, *, by):\n    actions.send(case, by=by)\n"
        "def a_part(case, *, by):\n    case.move(1)\n"
    )
    found = {node.name: node for node in module.body if isinstance(node, Function)}
    actions = [f for f in found.values() if is_action(f, found)]
    assert [f.name for f in actions] == ["silent", "by_a_sibling", "elsewhere"]
    assert [f.name for f in actions if not is_recorded(f, found)] == ["silent"]
