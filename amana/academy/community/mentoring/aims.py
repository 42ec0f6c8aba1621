"""The indicators of the mechanism in force, on which a commitment should show: its
codes, titles and, where a room above counts them, figures of all together; of a case
nothing is known here."""

from collections.abc import Callable, Collection, Mapping

from django.utils.translation import get_language

from amana.design.mechanism.choosing import list_versions_in_force
from amana.design.mechanism.outline import choose_words
from amana.registry import Registry

FIGURES: Registry[Callable[[Collection[str]], Mapping[str, str]]] = Registry()
"""What is counted, in a few words by code. A room registers in its `apps.ready()`."""


def map_indicators() -> dict[str, str]:
    """Map each indicator's code to its title, in the reader's language; empty while
    nothing is in force."""
    language = (get_language() or "en")[:2]
    return {
        code: choose_words(language, indicator.title)
        # The first mechanism's title of it has priority.
        for version in reversed(list_versions_in_force())
        for code, indicator in version.pack.indicators.items()
    }


def map_figures(codes: Collection[str]) -> dict[str, str]:
    return {code: said for count in FIGURES for code, said in count(codes).items()}
