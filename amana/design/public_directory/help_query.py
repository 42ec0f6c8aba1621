"""What a visitor looks for: codes alone, so that an address holds nothing of a person;
words that were typed come by a form, and never into an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from amana.design.directory.codes import format_language, is_language
from amana.design.directory.models import Area
from amana.design.directory.taxonomy import ServiceGroup, ServiceType

LONGEST = 100
"""Characters of what is typed."""
MOST_WORDS = 8
NEEDS = frozenset({*ServiceGroup.values, *ServiceType.values})


@dataclass(frozen=True)
class HelpQuery:
    """Empty means everything."""

    need: str = ""
    """A kind of help, or a group of them."""
    place: Area | None = None
    speaks: str = ""
    words: str = field(default="", repr=False)

    @property
    def codes(self) -> dict[str, str]:
        """What may be in an address."""
        area = self.place.code if self.place else ""
        found = {"need": self.need, "area": area, "speaks": self.speaks}
        return {name: code for name, code in found.items() if code}

    @property
    def is_anything(self) -> bool:
        return not self.codes and not self.words

    @property
    def need_label(self) -> str:
        return format_need(self.need)

    @property
    def speaks_label(self) -> str:
        return format_language(self.speaks) if self.speaks else ""

    def encode(self, **changes: str) -> str:
        """Encode it as the end of an address, with other codes in place of these."""
        # In one order always, so that a page has one address and caches find it.
        codes = {k: v for k, v in (self.codes | changes).items() if v}
        return f"?{urlencode(codes)}" if codes else "?"


def read_query(sent: Mapping[str, str], *, words: str = "") -> HelpQuery:
    """Read what was asked for; a code that we do not know is none."""
    need, speaks = sent.get("need", ""), sent.get("speaks", "")
    return HelpQuery(
        need=need if need in NEEDS else "",
        place=find_place(sent.get("area", "")),
        speaks=speaks if is_language(speaks) else "",
        words=" ".join(words[:LONGEST].split()[:MOST_WORDS]),
    )


def find_place(code: str) -> Area | None:
    areas = Area.objects.select_related("above").defer("geometry", "above__geometry")
    return areas.filter(code=code).first() if code else None


def format_need(need: str) -> str:
    if need in ServiceGroup.values:
        return str(ServiceGroup(need).label)
    return str(ServiceType(need).label) if need in ServiceType.values else ""


def widen_query(query: HelpQuery) -> list[tuple[str, HelpQuery]]:
    """List what is wider than a query that found nothing, each with what it leaves
    out or widens. Words that were typed stay behind: they are in no address."""
    said = replace(query, words="")
    wider = [(_("Without what you typed"), said)] if query.words else []
    if said.speaks:
        wider.append((_("In any language"), replace(said, speaks="")))
    if said.place and said.place.above:
        around = said.place.above
        wider.append((around.name, replace(said, place=around)))
    if said.place:
        wider.append((_("Everywhere"), replace(said, place=None)))
    if said.need in ServiceType.values:
        group = ServiceType(said.need).group
        wider.append((str(group.label), replace(said, need=group.value)))
    return wider
