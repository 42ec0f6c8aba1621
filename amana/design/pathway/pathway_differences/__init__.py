"""What is different between two versions of a pathway, in plain words.

Each difference is a sentence and its values: “Decide on reasonable grounds”: authority
now has 10 working days, before: 5 working days. The page translates the sentence, and
what is `NamedElement` in it, in the reader's language.
"""

from amana.design.pathway.pathway_differences.difference import (
    Change,
    Difference,
    DifferenceTopic,
    NamedElement,
    ReplacementTexts,
    Simple,
    Value,
    WrittenCondition,
    describe_members,
    describe_replaced,
    describe_swap,
    list_changed_languages,
    match_by_key,
)
from amana.design.pathway.pathway_differences.named_elements import name_code, name_role
from amana.design.pathway.pathway_differences.pathway_comparison import (
    iterate_pathway_differences,
)

__all__ = [
    "Change",
    "Difference",
    "DifferenceTopic",
    "NamedElement",
    "ReplacementTexts",
    "Simple",
    "Value",
    "WrittenCondition",
    "describe_members",
    "describe_replaced",
    "describe_swap",
    "iterate_pathway_differences",
    "list_changed_languages",
    "match_by_key",
    "name_code",
    "name_role",
]
