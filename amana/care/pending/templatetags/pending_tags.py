"""`{% pending_decisions thing.pk %}`: what the reader has decided and can undo; in a
row of a list `{% pending_mark waits thing.pk %}`, from `decision_rows.map_things`."""

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.template import Context

from amana.care.pending import decision_rows

register = template.Library()


@register.inclusion_tag("pending/mark.html")
def pending_mark(
    waits: Mapping[UUID, decision_rows.DecisionRow], thing: UUID
) -> dict[str, object]:
    """Show in a row of a list what its reader has decided on it, and can undo."""
    return {"shown": waits.get(thing)}


@register.inclusion_tag("pending/notice.html", takes_context=True)
def pending_decisions(context: Context, thing: UUID) -> dict[str, object]:
    user = context["request"].user
    return {
        "decisions": decision_rows.list_about(user, thing),
        "request": context["request"],
    }
