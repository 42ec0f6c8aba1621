"""Addresses that hold one of a few words, and exist for these alone.

    register_converter(one_of(RECEIVED), "received")
    path("received/<received:kind>/", lists.inbox, name="inbox")

A word that isn't among them is no address, so that no view has to look at it."""

import re
from collections.abc import Iterable

from django.urls.converters import StringConverter


def one_of(words: Iterable[str]) -> type[StringConverter]:
    class WordConverter(StringConverter):
        regex = "|".join(re.escape(word) for word in words)

    return WordConverter
