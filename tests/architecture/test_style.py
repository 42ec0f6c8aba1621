"""What this house does not do (docs/decisions/0001)."""

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.code import (
    PRODUCT,
    ROOT,
    called,
    modules,
    nodes,
    tree,
    where,
)


def swallows(node: ast.AST) -> bool:
    """Catches everything, bugs included."""
    return isinstance(node, ast.ExceptHandler) and (
        node.type is None
        or any(
            isinstance(name, ast.Name) and name.id in ("Exception", "BaseException")
            for name in ast.walk(node.type)
        )
    )


def is_class_based_view(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(
        ast.unparse(base).endswith(("View", "Mixin")) for base in node.bases
    )


def listens_to_saving(node: ast.AST) -> bool:
    signals = ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed")
    return isinstance(node, ast.alias) and node.name in signals


def overrides_saving(node: ast.AST) -> bool:
    """In a model; a store of another kind may have such methods."""
    return (
        isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).endswith("Model") for base in node.bases)
        and any(
            isinstance(part, ast.FunctionDef) and part.name in ("save", "delete")
            for part in node.body
        )
    )


def trusts_markup(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and called(node) in ("mark_safe", "SafeString")


def reads_environment(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "environ"
        and ast.unparse(node) == "os.environ"
    )


def picks_at_random(node: ast.AST) -> bool:
    """`random` is predictable; `secrets` isn't."""
    names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
    return "random" in names or (
        isinstance(node, ast.ImportFrom) and node.module == "random"
    )


def decodes_again(node: ast.AST) -> bool:
    """Django has decoded what came, once; what was checked must not change after it."""
    return isinstance(node, ast.Call) and called(node) in (
        "unquote",
        "unquote_plus",
        "unquote_to_bytes",
        "unescape",
    )


def runs_text(node: ast.AST) -> bool:
    """Makes a program, or objects of any class, of what it is given."""
    if isinstance(node, ast.Import):
        return bool({a.name for a in node.names} & MAKERS)
    if isinstance(node, ast.ImportFrom):
        return node.module in MAKERS
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("eval", "exec", "compile", "__import__")
    )


MAKERS = {"pickle", "marshal", "shelve", "dill", "jsonpickle"}


FORBIDDEN: dict[str, tuple[Callable[[ast.AST], bool], set[str]]] = {
    # what: (how to see it, where it may be)
    # where a mistake of ours must undo no withdrawal of a consent, and is written down;
    # where it must keep no other clock from striking, and is raised afterwards
    "except Exception": (
        swallows,
        {
            "amana/care/pathways/reactions.py",
            "amana/insight/facts/reactions.py",
            "amana/turns.py",
            # where no row that someone planted may make each act fail; it is told
            "amana/trust/audit/sealing/after_requests.py",
            "amana/trust/audit/sealing/sealer.py",
            # where one turn of an exercise must not end the others; it is written down
            "amana/sandbox/directing.py",
            "amana/practising/running.py",
            # where the page is done, and what goes on after it is no part of it
            "amana/ui/http.py",
            # where a timer's mistake must not stop the others; it is noted and told
            "amana/trust/alarms/clockwork.py",
            # where what the machine lacks is said in a sentence; all else is raised
            "amana/commands.py",
            # where a check that can't be made is a finding, and ends no other
            "amana/trust/operation/checks/check_runs.py",
            # where one case, or one record, may hold up no other; it is set aside, told
            "amana/care/pathways/version_moves/background_moves.py",
            "amana/trust/vault/leaving/team_resealing.py",
        },
    ),
    "class-based view": (is_class_based_view, set()),
    "signal on save": (
        listens_to_saving,
        # another's model: no word of an error may reach it, also not for a moment
        {"amana/trust/operation/worker.py"},
    ),
    "logic in save() or delete()": (overrides_saving, set()),
    "markup that nobody escaped": (
        trusts_markup,
        {
            "amana/ui/escaping.py",
            "amana/ui/times.py",
            "amana/ui/templatetags/ui_tags.py",
            "amana/ui/templatetags/ui_lists.py",
            "amana/ui/templatetags/ui_navigation.py",
            "amana/trust/vault/signin.py",
            # what Markdown became with raw HTML off (test_prose looks at it)
            "amana/academy/courses/templatetags/course_tags.py",
        },
    ),
    "settings outside settings.py": (
        reads_environment,
        {
            "amana/settings.py",
            "amana/wsgi.py",
            # where systemd says that it listens, which nobody sets
            "amana/watchdog.py",
            # handed on to programs that run beside or after, with a little of their own
            "amana/demo/management/commands/demo.py",
            "amana/trust/backup/databases.py",
            "amana/trust/backup/restore_drill.py",
        },
    ),
    "decoding once more": (
        decodes_again,
        {
            # the address of the database, from the environment
            "amana/database.py",
            # the text inside a drawing that brings a certificate
            "amana/academy/credentials/engine/baking.py",
        },
    ),
    "text that becomes a program": (
        runs_text,
        {
            # from the server to a process that it begins; what comes back is no program
            "amana/printing/print_process.py",
            "amana/printing/typesetting.py",
        },
    ),
    "predictable chance": (
        picks_at_random,
        {
            "amana/demo/afterwards.py",
            "amana/demo/before.py",
            "amana/demo/counting.py",
            "amana/demo/invented_cases.py",
            "amana/demo/survey_answers.py",
            "amana/demo/stories.py",
            "amana/demo/ways.py",
            "amana/design/simulation/simulator/whole_simulation.py",
        },
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nowhere_in_the_product(what: str) -> None:
    seen, allowed = FORBIDDEN[what]
    assert [
        where(path, node)
        for path in modules()
        if where(path) not in allowed
        for node in nodes(path)
        if seen(node)
    ] == []


EXAMPLES = {
    "except Exception": "try:\n    x()\nexcept (OSError, Exception):\n    pass",
    "class-based view": "class Inbox(ListView):\n    pass",
    "signal on save": "from django.db.models.signals import post_save",
    "logic in save() or delete()": "class A(models.Model):\n    def save(self): pass",
    "markup that nobody escaped": "mark_safe(text)",
    "settings outside settings.py": "os.environ['SECRET_KEY']",
    "decoding once more": "urllib.parse.unquote(name)",
    "text that becomes a program": "eval(said)",
    "predictable chance": "import random",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_each_rule_notices_what_it_forbids(what: str) -> None:
    seen, _allowed = FORBIDDEN[what]
    assert any(seen(node) for node in ast.walk(ast.parse(EXAMPLES[what])))


def test_modules_have_names_of_the_field() -> None:
    vague = {"utils", "helpers", "common", "core", "manager", "misc", "base"}
    found = [where(path) for path in modules() if vague & {path.stem, path.parent.name}]
    assert found == ["amana/sqlite/base.py"]  # where Django looks for a database


def oddities() -> Iterator[str]:
    for model in apps.get_models():
        if not model.__module__.startswith("amana."):
            continue
        if model._meta.ordering:
            yield f"{model._meta.label} has Meta.ordering"
        for field in model._meta.local_fields:
            if isinstance(field, models.BooleanField) and field.null:
                yield f"{field} is a nullable boolean"
        for field in model._meta.private_fields:
            if type(field).__name__ == "GenericForeignKey":
                yield f"{field} is a generic foreign key"
        for constraint in model._meta.constraints:
            if not constraint.name:
                yield f"{model._meta.label} has a nameless constraint"


def test_models_keep_to_what_both_databases_do_well() -> None:
    assert list(oddities()) == []


def test_every_dependency_says_why() -> None:
    lists = iter((ROOT / "pyproject.toml").read_text().splitlines())
    silent = []
    for line in lists:
        if line.strip() in ("dependencies = [", "demo = [", "dev = ["):
            while (entry := next(lists).strip()) != "]":
                _package, _, why = entry.partition("#")
                if not why.strip() and "include-group" not in entry:
                    silent.append(entry)
    assert silent == []


def test_nothing_of_a_machine_is_in_the_house() -> None:
    """No path of somebody's own disk."""
    own = re.compile(r"""["'\s](/home|/Users|/root|/work)/""")
    files = [*PRODUCT.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    assert [where(path) for path in files if own.search(path.read_text())] == []
    assert own.search("open('/{}/notes.txt')".format("home"))


def writes_into_objects(module: ast.AST) -> list[ast.AST]:
    """Where a module writes into what it was given."""
    return [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute | ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and not ast.unparse(node).startswith("self.")
    ]


def test_a_rule_answers_and_changes_nothing() -> None:
    rules = [path for path in modules() if "rules" in (path.stem, path.parent.name)]
    assert rules
    assert [
        where(p, node) for p in rules for node in writes_into_objects(tree(p))
    ] == []
    assert writes_into_objects(ast.parse("user.__dict__['places'] = held"))
