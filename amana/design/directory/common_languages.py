"""The languages that are common here: those that most services speak."""

from collections import Counter

from django.core.cache import cache

from amana.design.directory.models import Service

KEEPS = 60 * 60
MOST = 6
MOST_SERVICES = 2000


def list_common_languages() -> list[str]:
    """List the codes of the commonest languages, the most spoken first; counted again
    every hour."""
    found: list[str] | None = cache.get("common-languages")
    if found is None:
        # Bounded: an order of the commonest languages needs no exact counts.
        services = Service.objects.active().values_list("languages", flat=True)
        spoken = Counter(
            code for codes in services[:MOST_SERVICES] for code in codes or []
        )
        found = [code for code, _times in spoken.most_common(MOST)]
        cache.set("common-languages", found, KEEPS)
    return found
