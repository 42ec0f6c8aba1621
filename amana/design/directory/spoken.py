"""Which languages are common here: those that most services speak."""

from collections import Counter

from django.core.cache import cache

from amana.design.directory.models import Service

KEEPS = 60 * 60
MOST = 6
MOST_SERVICES = 2000


def common_languages() -> list[str]:
    """Codes, the most spoken first; counted anew every hour."""
    found: list[str] | None = cache.get("common-languages")
    if found is None:
        services = Service.objects.active().values_list("languages", flat=True)
        spoken = Counter(
            code for codes in services[:MOST_SERVICES] for code in codes or []
        )
        found = [code for code, _times in spoken.most_common(MOST)]
        cache.set("common-languages", found, KEEPS)
    return found
