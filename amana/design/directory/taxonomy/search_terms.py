"""Words by which people search for a kind of help: `search_terms.yaml` has them, beside
the names of groups and kinds in all languages of the pages."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation

from amana.design.directory.folding import fold_text, match_variants
from amana.design.directory.taxonomy.service_types import ServiceGroup, ServiceType
from amana.reviewed_files import read_reviewed

FILE = Path(__file__).with_suffix(".yaml")


def read_words(file: Path) -> Mapping[str, list[str]]:
    """Read the words of each group and kind. Raises FaultyFile."""
    codes = [*ServiceGroup.values, *ServiceType.values]
    words: Mapping[str, list[str]] = read_reviewed(file, {"kind_of_help": codes})
    return words


SEARCH_TERMS = read_words(FILE)


def find_kinds(word: tuple[str, ...]) -> list[ServiceType]:
    """Find the kinds of help that a searched word stands for, by its variants (see
    `folding`)."""
    return [kind for kind in ServiceType if match_variants([word], list_words(kind))]


@cache
def list_words(kind: ServiceType) -> str:
    """List the names of a kind and of its group, and the words of both, folded."""
    return fold_text("\n".join(iterate_words(kind)))


def iterate_words(kind: ServiceType) -> Iterable[str]:
    for code in (kind, kind.group):
        yield from SEARCH_TERMS.get(code.value, ())
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                yield str(code.label)
