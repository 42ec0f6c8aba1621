"""The indicators of the mechanism in force, on which a commitment should show: its
codes and titles. Figures are `insight`'s; of a case nothing is known here."""

from django.utils.translation import get_language

from amana.design.mechanism import wording
from amana.design.mechanism.models import Version
from amana.design.mechanism.outline import said_in


def indicators() -> dict[str, str]:
    """Title by code, in the reader's language; empty while nothing is in force."""
    current = Version.objects.current().first()
    if current is None:
        return {}
    pack = wording.pack_of(current)
    language = (get_language() or "en")[:2]
    found = pack.indicators.items()
    return {code: said_in(language, one.title) for code, one in found}
