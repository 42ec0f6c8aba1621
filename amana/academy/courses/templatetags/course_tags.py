"""The words of a lesson on a page. `engine.prose` escapes them: raw HTML is off."""

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from amana.academy.courses import along
from amana.academy.courses.engine.prose import render_document
from amana.academy.courses.pages import CourseProse
from amana.ui.harmless import remove_tricks

register = template.Library()


@register.filter
def written(prose: CourseProse) -> SafeString:
    return SafeString(remove_tricks(prose.html))


@register.filter
def as_document(words: str) -> SafeString:
    return SafeString(remove_tricks(render_document(words)))


@register.simple_tag(takes_context=True)
def leads_on(context: template.Context, slug: str) -> list[tuple[str | Promise, str]]:
    """List what rooms above offer this person at a course."""
    return along.list_links(slug, context["request"].user)
