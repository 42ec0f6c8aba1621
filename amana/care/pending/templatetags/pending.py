"""`{% pending_decisions thing.pk %}`: what the reader has decided and can undo."""

from typing import Any
from uuid import UUID

from django import template
from django.template import Context

from amana.care.pending import shown

register = template.Library()


@register.inclusion_tag("pending/notice.html", takes_context=True)
def pending_decisions(context: Context, thing: UUID) -> dict[str, Any]:
    user = context["request"].user
    return {"decisions": shown.about(user, thing), "request": context["request"]}
