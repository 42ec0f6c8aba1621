"""What can be chosen: steps, roles, organisations, lists."""

from collections.abc import Mapping

from amana.design.mechanism import labels
from amana.design.mechanism.forms.inputs import Choices, Offer, Words
from amana.design.mechanism.outline import Outline


def list_step_choices(seen: Outline) -> Choices:
    return [(key, labels.format_step_title(seen, key)) for key in seen.steps]


def list_hand_step_choices(seen: Outline) -> Choices:
    return [
        (step.id, labels.format_step_title(seen, step.id)) for step in seen.by_hand()
    ]


def list_role_choices(seen: Outline) -> Choices:
    return [(key, labels.format_role_title(seen, key)) for key in seen.roles]


def list_recipient_choices(seen: Outline) -> Choices:
    others: Choices = [
        (key, labels.format_role_title(seen, key)) for key in seen.partners
    ]
    return list_role_choices(seen) + others


def list_organisation_choices(seen: Outline) -> Choices:
    return [
        (key, str(organisation.get("name", key)))
        for key, organisation in seen.organisations.items()
    ]


def list_list_choices(seen: Outline) -> Choices:
    """List the names of lists that a step gives, such as children."""
    return [
        (name, labels.format_name(name))
        for step in seen.steps.values()
        for name, codes in step.gives.items()
        if codes == "list"
    ]


def list_table_choices(seen: Outline) -> Choices:
    return [
        (
            path.removeprefix("decisions/").removesuffix(".yaml"),
            labels.format_code_without_words(path),
        )
        for path in seen.plain
        if path.startswith("decisions/")
    ]


def list_sub_pathway_choices(seen: Outline) -> Choices:
    return [(key, labels.format_part_title(seen, key)) for key in seen.parts]


def make_offer(said: Mapping[str, Words]) -> Offer:
    return lambda seen: list(said.items())
