"""Our components: every tag that a page may use. No `{% load %}` is needed.

A wrong argument, or a word that an argument doesn't know, fails when the template is
compiled. Components take plain text and escape it. `…` marks a tag that wraps
content and is closed by `{% end<name> %}`. See them all on /ui/.

tone = plain | good | due | late | info · kind = plain | primary | quiet | danger

Page
  page_header title lead="" kicker="" …      h1, and next to it the page's one action
  back_link url label=""                     "Back" above the header
  breadcrumbs …  with  crumb label url=""
  primary …                                  the page's one action; sticks on phones
  actions …                                  a row of buttons and links
  card title="" level=2 tone="plain" url="" …
  notice title="" tone="info" …              a message of the page
  empty_state title …                        nothing here, and what to do about it
  disclosure summary note="" open=False …    details that most people don't need
  menu label …                               links and post_buttons behind a button
  print_only …   screen_only …   print_button label=""
Buttons
  button label kind="primary" name="" value=""     submits the form it is in
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
  moment at [zone=]                          a time that people and machines can read
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
  amount number most part=0                  a bar next to numbers in a row, from zero;
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
                                             which the page also lists
  read_aloud language …                      text to be read out to a person
  typed text                                 many lines that a person typed
  icon name
Shell: site_name, navigation, navigation_bar, site_search, language_switch, user_menu,
       banner, notices, quick_exit
Filters: text|bdi (one line that a person typed), text|harmless
         place.team|team (a team, and its organisation)
         things|listed (with the commas of the language)
         case.reference|reference (never broken at its hyphen, never turned round)
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from html import escape
from typing import Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.messages import get_messages
from django.template import Context, defaulttags
from django.template.base import Parser, Token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amana.telephones import format_dialled
from amana.ui import addresses, clocks, dates, labels, once
from amana.ui.components import Components, render_component
from amana.ui.escaping import escape_text
from amana.ui.harmless import remove_tricks as made_harmless
from amana.ui.times import render_time

register = Components()

LOCK = "vault:lock"
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


# Work


# A list has a hundred of these, so they are written here and not in a template, which
# takes five times as long. All that isn't ours is escaped by hand.


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
def moment(at: datetime | None, *, zone: ZoneInfo | None = None) -> SafeString:
    """Render a day and time; with a zone, as clocks show it there, and with its name.

    `ui.js` adds what the reader’s own clock shows then, where that is another time.
    """
    if at is None:
        return SafeString("–")
    shown = render_time(at, title=clocks.format_age(at), zone=zone)
    if zone is None:
        return shown
    return SafeString(f'{shown} <bdi dir="ltr">{escape_text(zone.key)}</bdi>')


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


# As `tag`: written here because a page has hundreds of them.


@register.simple_block_tag
def summary(content: SafeString) -> SafeString:
    return render_component("summary", content=content)


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


def compile_url(parser: Parser, token: Token) -> addresses.AddressNode:
    found = defaulttags.url(parser, token)
    return addresses.AddressNode(found.view_name, found.args, found.kwargs, found.asvar)


# Lists have a link in every row, and Django's own tag resolves each from the start.
register.tags["url"] = compile_url  # in place of Django's own
register.filter("date", dates.format_date, expects_localtime=True)  # likewise


@register.inclusion_tag("ui/banner.html", takes_context=True)
def banner(context: Context) -> dict[str, object]:
    exercise = getattr(context.get("request"), "exercise", None)
    room = "practising" if settings.PRACTISING else "sandbox"
    desk = reverse(f"{room}:desk") if settings.SANDBOX else ""
    practice = getattr(context.get("request"), "practice", None)
    return {
        "exercise": exercise,
        "practice": practice,
        "desk": desk,
        "demo": settings.DEMO,
    }


@register.inclusion_tag("ui/notices.html", takes_context=True)
def notices(context: Context) -> dict[str, object]:
    request = context.get("request")
    return {"messages": get_messages(request) if request else []}


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
