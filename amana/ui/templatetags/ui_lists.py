"""Lists and tables, timelines, tabs, facets and filters."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Literal

from django.template import Context
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amana.ui.components import render_component
from amana.ui.escaping import escape_text
from amana.ui.harmless import remove_tricks as made_harmless
from amana.ui.lists import FilterField, ListRequest
from amana.ui.paging import Page
from amana.ui.templatetags.ui_tags import Tone, register


@register.simple_block_tag
def spine(content: SafeString) -> SafeString:
    return render_component("spine", content=content)


@register.simple_block_tag
def spine_part(
    content: SafeString, title: str, *, part: Literal["now", "next", "then"] = "now"
) -> SafeString:
    names = {"now": _("Now"), "next": _("Next"), "then": _("Then")}
    return render_component(
        "spine_part", content=content, title=title, part=part, name=names[part]
    )


@register.simple_block_tag
def timeline(content: SafeString) -> SafeString:
    return render_component("timeline", content=content)


@register.simple_block_tag
def timeline_item(
    content: SafeString,
    title: str,
    *,
    at: datetime | None = None,
    by: str = "",
    tone: Tone = "plain",
) -> SafeString:
    return render_component(
        "timeline_item", content=content, title=title, at=at, by=by, tone=tone
    )


@register.simple_block_tag
def task_list(content: SafeString) -> SafeString:
    return render_component("task_list", content=content)


@register.inclusion_tag("ui/task.html")
def task(
    label: str, *, url: str = "", status: str = "", tone: Tone = "plain", hint: str = ""
) -> dict[str, object]:
    return {"label": label, "url": url, "status": status, "tone": tone, "hint": hint}


@register.simple_block_tag
def table(content: SafeString, *, caption: str = "") -> SafeString:
    return render_component("table", content=content, caption=caption)


@register.inclusion_tag("ui/columns.html")
def columns(*labels: str) -> dict[str, object]:
    return {"labels": labels}


@register.simple_block_tag
def row(content: SafeString, *, id: str = "", tone: Tone = "plain") -> SafeString:
    identity = f' id="{escape_text(id)}"' if id else ""
    return SafeString(f'<tr role="row"{identity} data-tone="{tone}">{content}</tr>')


@register.simple_block_tag
def cell(content: SafeString, label: str = "", *, number: bool = False) -> SafeString:
    look, label = ' class="number"' if number else "", escape_text(label)
    return SafeString(f'<td role="cell" data-label="{label}"{look}>{content}</td>')


@register.simple_block_tag
def fact(
    content: SafeString, label: str, *, url: str = "", change: str = ""
) -> SafeString:
    return render_component(
        "fact",
        content=content,
        label=label,
        url=url,
        change=change or _("Change"),
    )


@register.simple_block_tag
def reason_list(content: SafeString, *, title: str = "") -> SafeString:
    return render_component("reason_list", content=content, title=title)


@register.inclusion_tag("ui/reason.html")
def reason(
    text: str, *, verdict: Literal["yes", "no", "ask"] = "yes", source: str = ""
) -> dict[str, object]:
    names = {"yes": _("Fits"), "no": _("Does not fit"), "ask": _("To ask")}
    return {"text": text, "verdict": verdict, "name": names[verdict], "source": source}


@register.inclusion_tag("ui/person.html")
def person(
    name: str, *, role: str = "", organisation: str = "", url: str = ""
) -> dict[str, object]:
    return {"name": name, "role": role, "organisation": organisation, "url": url}


@register.simple_block_tag
def stats(content: SafeString) -> SafeString:
    return render_component("stats", content=content)


@register.inclusion_tag("ui/stat.html")
def stat(
    label: str, value: object, *, note: str = "", tone: Tone = "plain", url: str = ""
) -> dict[str, object]:
    return {"label": label, "value": value, "note": note, "tone": tone, "url": url}


@register.inclusion_tag("ui/amount.html")
def amount(number: int, most: int, *, part: int = 0) -> dict[str, object]:
    """Draw a bar next to the numbers that it repeats: not read out."""
    share = 100 / most if most else 0
    return {"whole": f"{number * share:.4g}", "part": f"{part * share:.4g}"}


@register.inclusion_tag("ui/progress.html")
def progress(
    done: int, total: int, *, label: str = "", url: str = ""
) -> dict[str, object]:
    said = {"done": format_grouped(done), "total": format_grouped(total)}
    return {
        "done": done,
        "total": total,
        "words": _("%(done)s of %(total)s") % said,
        "label": label or _("Progress"),
        "url": url,
        "finished": done >= total,
    }


def format_grouped(number: int) -> str:
    """Format a large number as people of the language read it: 12,400."""
    return number_format(number, force_grouping=True)


@register.simple_block_tag
def tabs(content: SafeString, label: str) -> SafeString:
    return render_component("tabs", content=content, label=label)


@register.inclusion_tag("ui/tab.html")
def tab(
    label: str, url: str, *, current: bool = False, count: int | None = None
) -> dict[str, object]:
    return {"label": label, "url": url, "current": current, "count": count}


@register.simple_tag(takes_context=True)
def live_part(context: Context, part: str, url: str = "") -> SafeString:
    """Render the attributes of what an open page asks for again when something changed
    for the person: `<div id="list" {% live_part "list" %}>`. See live.js."""
    request = context.get("request")
    return format_html(
        'data-live hx-get="{}" hx-trigger="news" hx-select="#{}" hx-swap="outerHTML" '
        'hx-headers=\'{{"By-Itself": "1"}}\'',
        url or (request.get_full_path() if request else ""),
        part,
    )


@register.inclusion_tag("ui/pager.html")
def pager(page: Page[object]) -> dict[str, object]:
    return {"page": page}


@register.simple_block_tag(takes_context=True)
def facets(
    context: Context,
    content: SafeString,
    *,
    clear: str = "",
    target: str = "",
) -> SafeString:
    """Fold the filters on a phone until something is chosen; always open where there is
    room."""
    # Open with a choice, so that on a phone too one sees by what the list is filtered.
    request = context["request"]
    return render_component(
        "facets",
        content=content,
        clear=clear,
        target=target,
        open=bool(request.GET),
        here=request.path,
    )


@register.inclusion_tag("ui/filters.html")
def filters(wanted: ListRequest, *, target: str = "") -> dict[str, object]:
    """Show the form of a filtered list; with a target, a change shows at once."""
    fields = [render_filter(field) for field in [*wanted.fields, wanted.order_field]]
    return {
        "wanted": wanted,
        "target": target,
        "fields": SafeString("".join(fields)),
    }


def render_filter(field: FilterField) -> SafeString:
    """Render one filter, here and not in a template, as `tag`: a list has some forty
    options."""
    if not field.options:
        return SafeString("")
    name, label = f"filter-{field.code}", escape_text(str(field.label))
    if field.several:
        boxes = "".join(
            f'<label class="choice" for="{name}-{escape(option.code)}">'
            f'<input type="checkbox" id="{name}-{escape(option.code)}"'
            f' name="{field.code}" value="{escape(option.code)}"'
            f"{' checked' if option.chosen else ''}>"
            f"<span>{escape_text(str(option.label))}</span></label>"
            for option in field.options
        )
        return SafeString(
            '<fieldset class="field filter-choices"><legend class="field-label">'
            f'{label}</legend><div class="filter-boxes">{boxes}</div></fieldset>'
        )
    nothing = (
        f'<option value="">{escape_text(_("Any"))}</option>' if field.blank else ""
    )
    options = "".join(
        f'<option value="{escape(option.code)}"{" selected" if option.chosen else ""}>'
        f"{escape_text(made_harmless(str(option.label)))}</option>"
        for option in field.options
    )
    return SafeString(
        f'<div class="field"><label class="field-label" for="{name}">{label}</label>'
        f'<select id="{name}" name="{field.code}">{nothing}{options}</select></div>'
    )


@register.inclusion_tag("ui/filtered_by.html")
def filtered_by(wanted: ListRequest) -> dict[str, object]:
    return {"wanted": wanted}


@register.inclusion_tag("ui/sortable_columns.html")
def sortable_columns(wanted: ListRequest, *, picks: bool = False) -> dict[str, object]:
    return {"headings": wanted.headings, "picks": picks}


@register.simple_tag
def pick(value: object, label: str, *, form: str = "together") -> SafeString:
    """Render the box of a row, here and not in a template, as `tag`: each row has
    one."""
    said = _("Select %(row)s") % {"row": escape_text(label)}
    return SafeString(
        f'<td role="cell" class="pick-cell" data-label=""><label class="pick">'
        f'<input type="checkbox" name="pick" form="{form}"'
        f' value="{escape(str(value))}">'
        f'<span class="visually-hidden">{said}</span></label></td>'
    )


@register.inclusion_tag("ui/map.html", name="map")
def map_of(
    places: Iterable[Mapping[str, object]],
    label: str,
    *,
    id: str = "map",
    shapes_url: str = "",
    clusters_url: str = "",
) -> dict[str, object]:
    return {
        "clusters_url": clusters_url,
        "places": list(places),
        "label": label,
        "id": id,
        "places_id": f"{id}-places",
        "shapes_url": shapes_url,
    }
