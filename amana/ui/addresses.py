"""Addresses that hold one of a few words, and exist for these alone; and the addresses
of things, of which all but the id is looked up once.

    register_converter(build_word_converter(RECEIVED), "received")
    path("received/<received:kind>/", lists.inbox, name="inbox")

A word that isn't among them is no address, so that no view has to look at it."""

import re
from collections.abc import Iterable
from functools import cache
from typing import override
from uuid import UUID

from django.template import Context
from django.template.defaulttags import URLNode
from django.urls import reverse
from django.urls.converters import StringConverter


def build_word_converter(words: Iterable[str]) -> type[StringConverter]:
    class WordConverter(StringConverter):
        regex = "|".join(re.escape(word) for word in words)

    return WordConverter


def resolve_address(name: str, thing: UUID | int) -> str:
    """Return the address of the page of this name about the thing with this id."""
    before, after = split_address(name, by_uuid=isinstance(thing, UUID))
    return f"{before}{thing}{after}"


@cache
def split_address(name: str, *, by_uuid: bool) -> tuple[str, str]:
    """Return what is before and after an id. One id is as good as another there."""
    # An id that no address contains otherwise, so that it is cut at the right place.
    some = UUID(int=0x4242 << 64) if by_uuid else 4_242_424_242
    before, _some, after = reverse(name, args=[some]).partition(str(some))
    return before, after


class AddressNode(URLNode):
    """`{% url "cases:case" case.pk %}`, which lists have in every row."""

    @override
    def render(self, context: Context) -> str:
        if len(self.args) == 1 and not self.kwargs and not self.asvar:
            thing = self.args[0].resolve(context)
            if type(thing) is UUID or (type(thing) is int and thing >= 0):
                return resolve_address(self.view_name.resolve(context), thing)
        return str(super().render(context))
