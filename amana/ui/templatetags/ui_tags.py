"""Our components: every tag that a page may use. No `{% load %}` is needed.

A wrong argument, or a word that an argument doesn't know, fails when the template is
compiled. Components take plain text and escape it. `…` marks a tag that wraps
content and is closed by `{% end<name> %}`. See them all on /ui/.

tone = plain | good | due | late | info · kind = plain | primary | quiet | danger

Page
  page_header title lead="" kicker="" …      h1, and beside it the page's one action
  back_link url label=""                     "Back" above the header
  breadcrumbs …  with  crumb label url=""
  primary …                                  the page's one action; sticks on phones
  actions …                                  a row of buttons and links
  card title="" level=2 tone="plain" url="" …
  notice title="" tone="info" …              something that the page says
  empty_state title …                        nothing here, and what to do about it
  disclosure summary note="" open=False …    details that most people don't need
  menu label …                               links and post_buttons behind a button
  print_only …   screen_only …   print_button label=""
Buttons
  button label kind="primary" name="" value=""     submits the form it stands in
  link_button label url kind="plain"
  post_button label url kind="plain" target="" swap="outerHTML" fields=None
                                             one tap that changes something
Forms
  form to="" method="post" upload=False target="" swap="outerHTML" id="" …
                                             csrf and idempotency key included
  field form.name label="" hint="" width="" large=False
  fields form                                every visible field, in order
  form_errors form [form …]                  what is wrong, with links to the fields
  fieldset legend hint="" level=0 …
  steps now of label=""                      "Step 2 of 5"
  confirm question to yes no url="" tone="plain" …      asks before it does
Work
  tag text tone="plain"                      a status: shape and word
  clock due_at what="" met_at=None           "answer due in 3 h"
  moment at                                  a time that people and machines can read
  telephone number kind=""                   dialled by a tap where it can be
  spine …  with  spine_part title part="now" …     now / next / then
  timeline …  with  timeline_item title at by="" tone="plain" …
  task_list …  with  task label url="" status="" tone="plain" hint=""
  table caption="" …  with  columns "A" "B",  row id="" tone="plain" …
                      and   cell label="" number=False …
  summary …  with  fact label url="" change="" …
  reason_list title="" …  with  reason text verdict="yes" source=""     yes | no | ask
  person name role="" organisation="" url=""
  stats …  with  stat label value note="" tone="plain" url=""
  progress done total label="" url=""        polls url while unfinished
  amount number most part=0                  a bar beside numbers in a row, from zero;
                                             part of it filled
  tabs label …  with  tab label url current=False count=None
  pager page                                 of amana.ui.paging
  live_part id url=""                        attributes of what is asked for again when
                                             something changed
  facets clear="" target="" …              a filter box around fields, folded on a phone
  filters wanted target=""                   of amana.ui.lists: its form, folded
  filtered_by wanted                         what a list is filtered by, to remove
  sortable_columns wanted picks=False      headings that sort, for a table
  pick value label form="together"           a box to tick in a row
  map places label shapes_url="" clusters_url=""   with the same places as a list; or
                                             numbers on areas, asked for each zoom,
                                             which the page lists beside it
  read_aloud language …                      text to be read out to a person
  typed text                                 many lines that somebody typed
  icon name
Shell: site_name, navigation, navigation_bar, site_search, language_switch, user_menu,
       banner, notices, quick_exit
Filters: text|bdi (one line that somebody typed), text|harmless
         place.team|team (a team, and its organisation)
         things|listed (with the commas of the language)
         case.reference|reference (never broken at its hyphen, never turned round)
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from html import escape
from typing import Any, Literal
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.contrib.messages import get_messages
from django.template import Context, defaulttags
from django.template.base import Parser, Token
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import dateformat
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana.telephones import format_dialled
from amana.ui import addresses, badges, clocks, labels, languages, once
from amana.ui import navigation as nav
from amana.ui.components import Components, render_component
from amana.ui.harmless import remove_tricks as made_harmless
from amana.ui.lists import FilterField, ListRequest
from amana.ui.paging import Page

register = Components()

SEARCH, BELL, STREAM = "home:search", "notifications:list", "notifications:stream"
"""Pages of the shell that rooms above offer."""

Icon = Literal[
    "",
    "search", "print", "menu", "place", "lock", "tasks", "inbox", "cases", "more",
    "bell", "mechanism", "academy", "chart", "shield", "people", "person", "page",
    "call", "speech", "care",
    "shelter", "bed", "health", "mind", "legal", "documents", "child", "protection",
    "food", "interpreter", "education", "work", "money", "case", "return", "family",
    "rescue", "community", "complaint", "transport", "phone", "clock", "warning",
]  # fmt: skip
IN_SPRITE = frozenset(
    {"shelter", "bed", "health", "mind", "legal", "documents", "child", "protection"}
    | {"food", "interpreter", "education", "work", "money", "case", "return", "family"}
    | {"rescue", "community", "complaint", "transport", "phone", "clock", "warning"}
)
"""Kinds of help, in one file; those of the shell are inline, also where there is no
network."""
Tone = Literal["plain", "good", "due", "late", "info"]
Kind = Literal["plain", "primary", "quiet", "danger"]
SubmitKind = Literal["primary", "plain", "quiet", "danger"]


# Page


@register.simple_block_tag
def page_header(
    content: SafeString, title: str, *, lead: str = "", kicker: str = ""
) -> SafeString:
    return render_component(
        "page_header", title=title, lead=lead, kicker=kicker, content=content
    )


@register.inclusion_tag("ui/back_link.html")
def back_link(url: str, label: str = "") -> dict[str, object]:
    return {"url": url, "label": label or _("Back")}


@register.simple_block_tag
def breadcrumbs(content: SafeString) -> SafeString:
    return render_component("breadcrumbs", content=content)


@register.inclusion_tag("ui/crumb.html")
def crumb(label: str, url: str = "") -> dict[str, object]:
    return {"label": label, "url": url}


@register.simple_block_tag
def primary(content: SafeString) -> SafeString:
    return render_component("primary", content=content)


@register.simple_block_tag
def actions(content: SafeString) -> SafeString:
    return render_component("actions", content=content)


@register.simple_block_tag
def card(
    content: SafeString,
    *,
    title: str = "",
    level: int = 2,
    tone: Tone = "plain",
    url: str = "",
) -> SafeString:
    return render_component(
        "card", content=content, title=title, level=level, tone=tone, url=url
    )


@register.simple_block_tag
def notice(content: SafeString, *, title: str = "", tone: Tone = "info") -> SafeString:
    return render_component("notice", content=content, title=title, tone=tone)


@register.simple_block_tag
def empty_state(content: SafeString, title: str) -> SafeString:
    return render_component("empty_state", content=content, title=title)


@register.simple_block_tag
def disclosure(
    content: SafeString, summary: str, *, note: str = "", open: bool = False
) -> SafeString:
    return render_component(
        "disclosure", content=content, summary=summary, note=note, open=open
    )


@register.simple_block_tag
def menu(content: SafeString, label: str) -> SafeString:
    return render_component("menu", content=content, label=label)


@register.simple_block_tag
def print_only(content: SafeString) -> SafeString:
    return render_component("print_only", content=content)


@register.simple_block_tag
def screen_only(content: SafeString) -> SafeString:
    return render_component("screen_only", content=content)


@register.inclusion_tag("ui/print_button.html")
def print_button(label: str = "") -> dict[str, object]:
    return {"label": label or _("Print this page")}


# Buttons


@register.inclusion_tag("ui/button.html")
def button(
    label: str, *, kind: SubmitKind = "primary", name: str = "", value: str = ""
) -> dict[str, object]:
    return {"label": label, "kind": kind, "name": name, "value": value}


@register.inclusion_tag("ui/link_button.html")
def link_button(label: str, url: str, *, kind: Kind = "plain") -> dict[str, object]:
    return {"label": label, "url": url, "kind": kind}


@register.inclusion_tag("ui/post_button.html")
def post_button(
    label: str,
    url: str,
    *,
    kind: Kind = "plain",
    target: str = "",
    swap: str = "outerHTML",
    fields: Mapping[str, object] | None = None,
) -> dict[str, object]:
    return {
        "label": label,
        "url": url,
        "kind": kind,
        "target": target,
        "swap": swap,
        "fields": fields or {},
        "once": once.make_key(),
    }


# Forms


@register.simple_block_tag(takes_context=True)
def form(
    context: Context,
    content: SafeString,
    *,
    to: str = "",
    method: Literal["post", "get"] = "post",
    upload: bool = False,
    target: str = "",
    swap: str = "outerHTML",
    id: str = "",
) -> SafeString:
    return render_component(
        "form",
        content=content,
        to=to or get_page_address(context),
        method=method,
        upload=upload,
        target=target,
        swap=swap,
        id=id,
        once=once.choose_key(context.get("request")),
        csrf_token=context.get("csrf_token"),
    )


def get_page_address(context: Context) -> str:
    """Return the address of this page: where a form that names no other goes."""
    request = context.get("request")
    return request.get_full_path() if request else ""


@register.inclusion_tag("ui/field.html")
def field(
    field: forms.BoundField,
    *,
    label: str = "",
    hint: str = "",
    width: Literal["", "short", "medium"] = "",
    large: bool = False,
) -> dict[str, object]:
    field.help_text = hint or field.help_text  # so that the widget points to it
    return {
        "field": field,
        "look": choose_field_look(field),
        "label": label or field.label,
        "width": width,
        "large": large,
        "optional": not field.field.required,
    }


def choose_field_look(field: forms.BoundField) -> str:
    """Choose how it is drawn: alone, one box to tick, choices, or a group of inputs."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "group" if widget.use_fieldset else "alone"


def get_anchor(field: forms.BoundField) -> str:
    """Return where the error summary leads: to the input, or to the first of
    several."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.inclusion_tag("ui/fields.html")
def fields(form: forms.BaseForm) -> dict[str, object]:
    return {"form": form}


def strip_punctuation(label: object) -> str:
    """Strip what ends a label, so that a colon can follow it."""
    return str(label).rstrip(" .:?؟")


@register.inclusion_tag("ui/form_errors.html")
def form_errors(*forms: forms.BaseForm) -> dict[str, object]:
    general = [
        made_harmless(str(error)) for form in forms for error in form.non_field_errors()
    ]
    wrong = [
        {
            "label": strip_punctuation(field.label),
            # Some errors repeat what was typed.
            "errors": [made_harmless(str(error)) for error in field.errors],
            "at": get_anchor(field),
        }
        for form in forms
        for field in form
        if field.errors
    ]
    return {"general": general, "fields": wrong}


@register.simple_block_tag
def fieldset(
    content: SafeString, legend: str, *, hint: str = "", level: int = 0
) -> SafeString:
    return render_component(
        "fieldset", content=content, legend=legend, hint=hint, level=level
    )


@register.inclusion_tag("ui/steps.html")
def steps(now: int, of: int, *, label: str = "") -> dict[str, object]:
    return {"now": now, "of": of, "label": label, "all": range(1, of + 1)}


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: SafeString,
    question: str,
    *,
    to: str,
    yes: str,
    no: str,
    url: str = "",
    tone: Tone = "plain",
) -> SafeString:
    return render_component(
        "confirm",
        content=content,
        question=question,
        to=to,
        yes=yes,
        no=no,
        url=url,
        tone=tone,
        once=once.make_key(),
        csrf_token=context.get("csrf_token"),
    )


# Work


# A list has a hundred of these, so they are written here and not in a template, which
# takes five times as long. All that isn't ours is escaped by hand.


def escape_text(text: str) -> str:
    """Escape text for HTML; what is markup already, as translations in templates are,
    stays."""
    if type(text) is str:  # as most is: Django would look first if it is lazy
        return SafeString(escape(text))
    return text if isinstance(text, SafeString) else conditional_escape(text)


@register.simple_tag
def tag(text: str, *, tone: Tone = "plain") -> SafeString:
    shown = escape_text(text)
    return SafeString(f'<span class="tag sign" data-tone="{tone}">{shown}</span>')


@register.simple_tag
def clock(
    due_at: datetime | None, *, what: str = "", met_at: datetime | None = None
) -> SafeString:
    read = clocks.read_clock(due_at, met_at)
    title = f'<span class="clock-what">{escape_text(what)}</span> ' if what else ""
    words = escape_text(read.words)
    shown = render_time(due_at, words) if due_at else f"<span>{words}</span>"
    return SafeString(
        f'<span class="clock sign" data-tone="{read.tone}">{title}{shown}</span>'
    )


@register.simple_tag
def moment(at: datetime | None) -> SafeString:
    return render_time(at, title=clocks.format_age(at)) if at else SafeString("–")


@register.filter
def by_when(at: datetime) -> SafeString:
    """Render a deadline as people read it: "today, 14:05"."""
    return render_time(at, escape_text(clocks.format_deadline(at)))


@register.simple_tag
def telephone(number: str, *, kind: Literal["", "primary", "plain"] = "") -> SafeString:
    """Render a number as it was typed, with a kind as a button; a link where it is one
    that can be dialled, and no link that dials nothing."""
    shown = f'<bdi dir="ltr">{escape_text(number)}</bdi>'
    # A `#` would begin a fragment: telephones would dial only what is before it.
    if not (dials := quote(format_dialled(number), safe="+*")):
        return SafeString(f"<strong>{shown}</strong>" if kind else shown)
    look = f'class="button" data-kind="{kind}" ' if kind else ""
    sign = render_icon("call") if kind else ""
    return SafeString(f'<a {look}href="tel:{dials}">{sign}{shown}</a>')


def render_time(at: datetime, words: str = "", title: str = "") -> SafeString:
    """Render a time; the day and time where no other words are given."""
    here = localtime(at)
    minute = here.replace(second=0, microsecond=0, tzinfo=None)
    whole = format_moment(minute, get_language())
    title = escape_text(title) or whole
    return SafeString(
        f'<time datetime="{here.isoformat()}" title="{title}">{words or whole}</time>'
    )


@lru_cache(maxsize=5_000)
def format_moment(minute: datetime, language: str | None) -> str:
    """Format day and time in the language of the page. Kept, because lists show the
    same clocks again and again, and Django is slow to format a date."""
    return escape_text(dateformat.format(minute, _("j F Y, H:i")))


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


# As `tag`: written here because a page has hundreds of them.


@register.simple_block_tag
def row(content: SafeString, *, id: str = "", tone: Tone = "plain") -> SafeString:
    identity = f' id="{escape_text(id)}"' if id else ""
    return SafeString(f'<tr role="row"{identity} data-tone="{tone}">{content}</tr>')


@register.simple_block_tag
def cell(content: SafeString, label: str = "", *, number: bool = False) -> SafeString:
    look, label = ' class="number"' if number else "", escape_text(label)
    return SafeString(f'<td role="cell" data-label="{label}"{look}>{content}</td>')


@register.simple_block_tag
def summary(content: SafeString) -> SafeString:
    return render_component("summary", content=content)


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
def pager(page: Page[Any]) -> dict[str, object]:
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


@register.simple_block_tag
def read_aloud(content: SafeString, language: str) -> SafeString:
    return render_component(
        "read_aloud",
        content=content,
        language=language,
        name=languages.format_language(language),
        direction=languages.get_direction(language),
    )


@register.inclusion_tag("ui/typed.html")
def typed(text: str) -> dict[str, object]:
    return {"text": text}


@register.simple_tag
def icon(name: Icon) -> SafeString:
    """Draw an icon next to words with the same meaning: not read out."""
    return render_icon(name)


@cache
def render_icon(name: str) -> SafeString:
    """Render an icon once and keep it: lists show the same few in each row."""
    context = {"name": name, "is_inline": name not in IN_SPRITE}
    return SafeString(render_to_string("ui/icon.html", context).strip())


# Shell


@register.inclusion_tag("ui/site_name.html")
def site_name() -> dict[str, object]:
    return {}


@register.inclusion_tag("ui/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, object]:
    request = context.get("request")
    return {"menus": nav.build_menus(request) if request else None}


@register.inclusion_tag("ui/navigation.html#bar", takes_context=True)
def navigation_bar(context: Context) -> dict[str, object]:
    """Show the same entries at the bottom of a phone, after the page's own words."""
    return navigation(context)


@register.inclusion_tag("ui/site_search.html", takes_context=True)
def site_search(context: Context) -> dict[str, object]:
    """Show one field for everything, and the bell; where the rooms behind them are
    there."""
    request, user = context.get("request"), context.get("user")
    if request is None or not getattr(user, "is_authenticated", False):
        return {}
    search, bell = nav.get_address(SEARCH), nav.get_address(BELL)
    # Of the request, since the navigation shows badges too: one query a page.
    counts = badges.count_for_page(request) if bell else {}
    return {
        "search": search,
        "bell": bell,
        "here": request.path == bell,
        "badge": badges.BELL,
        "count": counts.get(badges.BELL, 0),
        "stream": nav.get_address(STREAM) if badges.LIVE else "",
        "since": badges.format_version(counts),
        "user": user,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, object]:
    request = context.get("request")
    if request is None:
        return {}
    # The switch leads back by GET: an address that only takes a POST would answer with
    # 405.
    here = request.get_full_path() if request.method == "GET" else "/"
    here = context.get("stay_at") or here  # where a form is shown again by POST
    return {
        "languages": languages.list_languages(),
        "current": get_language(),
        "here": here,
    }


@register.inclusion_tag("ui/user_menu.html", takes_context=True)
def user_menu(context: Context) -> dict[str, object]:
    request = context.get("request")
    words = str(context.get("user") or "").split()
    return {
        "initials": "".join(word[0] for word in words[:2]),
        "user": context.get("user"),
        "request": request,
        "links": nav.list_personal(request) if request else [],
    }


def compile_url(parser: Parser, token: Token) -> addresses.AddressNode:
    found = defaulttags.url(parser, token)
    return addresses.AddressNode(found.view_name, found.args, found.kwargs, found.asvar)


# Lists have a link in every row, and Django's own tag resolves each from the start.
register.tags["url"] = compile_url  # in place of Django's own


@register.simple_tag
def url_if_any(name: str, *args: object) -> str:
    """Return the address of a page, or nothing while no room offers it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("ui/banner.html", takes_context=True)
def banner(context: Context) -> dict[str, object]:
    exercise = getattr(context.get("request"), "exercise", None)
    return {"exercise": exercise, "demo": settings.DEMO}


@register.inclusion_tag("ui/notices.html", takes_context=True)
def notices(context: Context) -> dict[str, object]:
    request = context.get("request")
    return {"messages": get_messages(request) if request else []}


@register.inclusion_tag("ui/quick_exit.html")
def quick_exit(clears: bool = False) -> dict[str, object]:
    """Show the button that leaves this page. `clears`: the browser forgets cookies and
    pages of ours; for pages for people, never where a colleague works."""
    by = url_if_any("ui:leave") if clears else ""
    return {"url": settings.QUICK_EXIT_URL, "by": by or settings.QUICK_EXIT_URL}


@register.filter
def bdi(text: object) -> SafeString:
    """Isolate one line of typed text, so that it does not reorder what is around it."""
    return SafeString(f"<bdi>{escape(made_harmless(str(text)))}</bdi>")


@register.filter
def listed(things: Iterable[object]) -> SafeString:
    """Format things with commas between them; each of its own direction."""
    return SafeString(
        labels.format_list(bdi(labels.format_label(thing)) for thing in things)
    )


@register.filter
def reference(text: object) -> SafeString:
    """Render a case's reference in one piece, and from left to right on every page."""
    if not text:
        return SafeString("")
    return SafeString(f'<bdi dir="ltr" class="reference">{escape(str(text))}</bdi>')


@register.filter
def team(of: Any) -> SafeString:
    """Format a team, and the organisation of which it is one."""
    return listed([of.name, of.organisation.name])


@register.filter
def harmless(text: object) -> str:
    return made_harmless(str(text))
