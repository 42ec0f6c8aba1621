"""The words of a lesson on a page. `engine.prose` escapes them: raw HTML is off."""

from django import template
from django.utils.safestring import SafeString

from amana.academy.courses.pages import Prose
from amana.ui.harmless import harmless

register = template.Library()


@register.filter
def written(prose: Prose) -> SafeString:
    return SafeString(harmless(prose.html))
