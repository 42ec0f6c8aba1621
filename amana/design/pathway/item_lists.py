"""The lists whose items a pathway follows one by one: children, needs."""

from amana.design.pathway.run_state import EventNotApplicable

MOST_ITEMS = 50
"""Items of a list: more children or needs of one case are a slip of the pen."""


def read_items(name: str, value: object) -> tuple[str, ...]:
    """Read the items of a list: c1, c2… of a number, or codes as they are. Raises
    `EventNotApplicable`.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        # One more than allowed is enough to be refused; a number of a million must not
        # make a million codes first.
        value = [f"c{n}" for n in range(1, min(value, MOST_ITEMS + 1) + 1)]
    if (
        isinstance(value, list | tuple)
        and all(is_code(code) for code in value)
        and len(set(value)) == len(value) <= MOST_ITEMS
    ):
        return tuple(value)
    raise EventNotApplicable("not_a_list", name=name)


def is_code(word: object) -> bool:
    return (
        isinstance(word, str)
        and word.isascii()
        and word.replace("_", "a").isalnum()
        and word[0].isalpha()
        and word == word.lower()
    )
