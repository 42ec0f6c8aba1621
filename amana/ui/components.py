"""How a component becomes a tag.

Django checks the names of a tag's arguments when the template is compiled. We also
check their words there: `tone="gud"` fails before the page is shown.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import unwrap
from typing import Any, Literal, get_args, get_origin, get_type_hints, override

from django import template
from django.template import Context
from django.template.base import FilterExpression, Parser, Token
from django.template.exceptions import TemplateSyntaxError
from django.template.library import TagHelperNode
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from amana.ui.harmless import remove_tricks

type Compile = Callable[[Parser, Token], Any]
type Words = Mapping[str, tuple[str, ...]]


def list_allowed_words(component: Callable[..., object]) -> Words:
    """List the words that each argument allows, from its type."""
    hints = get_type_hints(component)
    return {name: get_args(t) for name, t in hints.items() if get_origin(t) is Literal}


class Components(template.Library):
    @override
    def tag(  # type: ignore[override]
        self, name: str, compile_function: Compile
    ) -> Compile:
        words = list_allowed_words(unwrap(compile_function))

        @wraps(compile_function)
        def compile_and_check(parser: Parser, token: Token) -> TagHelperNode:
            node: TagHelperNode = compile_function(parser, token)
            for argument, value in node.kwargs.items():
                check_constant(name, argument, value, words)
            node.func = wrap_component(node, words)
            node.args = [settle_argument(value) for value in node.args]
            node.kwargs = {
                name: settle_argument(value) for name, value in node.kwargs.items()
            }
            return node

        return super().tag(name, compile_and_check)


def check_constant(
    tag: str, argument: str, value: FilterExpression, words: Words
) -> None:
    constant = value.var if isinstance(value.var, str) else None
    if argument in words and constant is not None and constant not in words[argument]:
        allowed = ", ".join(words[argument])
        raise TemplateSyntaxError(
            f"{tag!r} does not know {argument}={constant!r}; it knows: {allowed}"
        )


def is_constant(value: FilterExpression) -> bool:
    """Check whether the template gives it in so many words."""
    return not value.is_var and not value.filters


def wrap_component(node: TagHelperNode, words: Words) -> Callable[..., object]:
    """Wrap a component, so that when the page is made words that come from a variable
    pass the same check, and no text reorders or hides what is around it."""
    # A wrong word raises here as well: `data-tone="gud"` would be styled as nothing at
    # all, and a warning would look like any other line.
    component: Callable[..., object] = node.func
    if all(map(is_constant, [*node.args, *node.kwargs.values()])):
        return component  # no text that a user typed

    varying = [name for name, value in node.kwargs.items() if not is_constant(value)]

    @wraps(component)
    def call(*args: object, **kwargs: object) -> object:
        for argument in varying:
            value = kwargs[argument]
            if argument in words and value not in words[argument]:
                raise ValueError(f"{argument}={value!r} is none of {words[argument]}")
            kwargs[argument] = clean_value(value)
        return component(*map(clean_value, args), **kwargs)

    return call


class TranslatedArgument:
    """An argument in so many words: translated once for each language, and not
    again for each row of a list."""

    def __init__(self, words: str | Promise) -> None:
        self.words = words
        self.said: dict[str | None, str] = {}

    def resolve(self, context: Context) -> str:
        language = get_language()
        if language not in self.said:
            self.said[language] = str(self.words)
        return self.said[language]


def settle_argument(value: FilterExpression) -> FilterExpression | TranslatedArgument:
    return TranslatedArgument(value.var) if is_constant(value) else value


def clean_value(value: object) -> object:
    """Remove the tricks from plain text; what is markup already was cleaned before."""
    if isinstance(value, str) and not isinstance(value, SafeString):
        return remove_tricks(value)
    return value


def render_component(name: str, /, **context: object) -> SafeString:
    """Fill in the component's own template."""
    return render_to_string(f"ui/{name}.html", context)
