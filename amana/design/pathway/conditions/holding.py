"""Whether a condition holds."""

from collections.abc import Callable
from typing import Any

from amana.design.pathway.conditions.condition import (
    AllTests,
    AnyTest,
    ComparedValue,
    Constant,
    Data,
    Name,
    Node,
    NotTest,
    Operand,
    Test,
)


def compile_test(node: Node) -> Test:
    match node:
        case Name(name):
            return lambda data: bool(data.get(name))
        case NotTest(part):
            test = compile_test(part)
            return lambda data: not test(data)
        case AllTests(parts):
            tests = [compile_test(part) for part in parts]
            return lambda data: all(test(data) for test in tests)
        case AnyTest(parts):
            tests = [compile_test(part) for part in parts]
            return lambda data: any(test(data) for test in tests)
        # The most frequent form, and the innermost loop of a simulation: one call, not
        # four.
        case ComparedValue(Name(name), "==", Constant(value)):
            return lambda data: bool(data.get(name) == value)
        case ComparedValue(left, sign, right):
            return build_comparison(
                build_getter(left), SENSE[sign], build_getter(right)
            )


type Sense = Callable[[Any, Any], bool]


def build_comparison(
    left: Callable[[Data], object], sense: Sense, right: Callable[[Data], object]
) -> Test:
    return lambda data: sense(left(data), right(data))


def build_getter(operand: Operand) -> Callable[[Data], object]:
    if isinstance(operand, Name):
        name = operand.name
        return lambda data: data.get(name)
    value = operand.value
    return lambda data: value


def is_in(value: object, among: object) -> bool:
    """Check membership: of a list that no one gave, nothing is a member; of a text,
    only itself.
    """
    if isinstance(among, str):
        return bool(value == among)
    if isinstance(among, set | frozenset):
        among = tuple(among)  # compares, where a set would want what can be hashed
    return isinstance(among, list | tuple) and value in among


def restrict_to_numbers(sense: Sense) -> Sense:
    """Limit a comparison to numbers: only they have an order; what isn't known is
    neither more nor less.
    """

    def compare(left: object, right: object) -> bool:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        return numbers and sense(left, right)

    return compare


SENSE: dict[str, Sense] = {
    "==": lambda left, right: bool(left == right),
    "!=": lambda left, right: bool(left != right),
    "in": is_in,
    "not in": lambda left, right: not is_in(left, right),
    "<": restrict_to_numbers(lambda left, right: left < right),
    "<=": restrict_to_numbers(lambda left, right: left <= right),
    ">": restrict_to_numbers(lambda left, right: left > right),
    ">=": restrict_to_numbers(lambda left, right: left >= right),
}
