"""Each act that is recorded anywhere in the house has its words."""

import ast
from pathlib import Path

from amana.trust.oversight.labels import DID, PURPOSES

HOUSE = Path(__file__).resolve().parents[3]


def calls():
    for path in HOUSE.rglob("*.py"):
        if not {"tests", "migrations"} & set(path.relative_to(HOUSE).parts):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    yield node


def name_of(call):
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def test_each_act_has_its_words():
    recorded = {
        str(call.args[0].value)
        for call in calls()
        if name_of(call) == "record"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(recorded) > 80
    assert sorted(recorded - DID.keys()) == []


def test_each_purpose_has_its_words():
    said = {
        str(keyword.value.value)
        for call in calls()
        for keyword in call.keywords
        if keyword.arg == "purpose" and isinstance(keyword.value, ast.Constant)
    }
    assert len(said) > 10
    assert sorted(said - PURPOSES.keys() - {""}) == []


def test_no_act_is_longer_than_its_column():
    assert [code for code in DID if len(code) > 60] == []
