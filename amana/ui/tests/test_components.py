"""Every component escapes, isolates and refuses what it does not know."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args, override

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from amana.given import make_user, sign_in
from amana.ui import samples
from amana.ui.harmless import REORDERING
from amana.ui.templatetags import ui_tags
from amana.ui.templatetags.ui_tags import IN_SPRITE, Icon

TEMPLATES = Path(ui_tags.__file__).parent.parent / "templates" / "ui"
HOSTILE = '"><script>alert(1)</script>\u202e'
SHELL = {
    "banner",
    "language_switch",
    "navigation",
    "navigation_bar",
    "site_search",
    "notices",
    "quick_exit",
    "site_name",
    "url",
    "url_if_any",
    "user_menu",
}
INSIDE = {"cell", "columns", "row", "crumb", "tab", "task", "fact", "stat", "reason"}


def draw(source: str, **context: object) -> str:
    request = RequestFactory().get("/here/?a=1")
    request.user = AnonymousUser()
    return Template(source).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    "source",
    [
        "{% card titel='Case' %}{% endcard %}",
        "{% card tone='gud' %}{% endcard %}",
        "{% tag %}",
        "{% tag 'Sent' 'late' %}",
        "{% tag 'Sent' tone='red' %}",
        "{% button 'Send' kind='primery' %}",
        "{% field %}",
        "{% field form.words width='wide' %}",
        "{% spine_part 'Answer' part='soon' %}{% endspine_part %}",
        "{% reason 'Speaks Arabic' verdict='maybe' %}",
        "{% form method='delete' %}{% endform %}",
        "{% icon name='skull' %}",
        "{% clock %}",
        "{% page_header %}{% endpage_header %}",
        "{% card %}",
    ],
)
def test_a_wrong_argument_fails_when_the_template_is_compiled(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(source)


def test_a_wrong_word_in_a_variable_fails_too() -> None:
    with pytest.raises(ValueError, match="'gud' is none of"):
        draw("{% tag 'Sent' tone=tone %}", tone="gud")


TAGS = {
    "page_header": "{% page_header x lead=x kicker=x %}{% endpage_header %}",
    "back_link": "{% back_link x x %}",
    "crumb": "{% breadcrumbs %}{% crumb x x %}{% crumb x %}{% endbreadcrumbs %}",
    "card": "{% card title=x url=x %}{% endcard %}{% card title=x %}{% endcard %}",
    "notice": "{% notice title=x %}{% endnotice %}",
    "empty_state": "{% empty_state x %}{% endempty_state %}",
    "disclosure": "{% disclosure x %}{% enddisclosure %}",
    "menu": "{% menu x %}{% endmenu %}",
    "print_button": "{% print_button x %}",
    "button": "{% button x name=x value=x %}",
    "link_button": "{% link_button x x %}",
    "post_button": "{% post_button x x target=x swap=x fields=fields %}",
    "form": "{% form to=x target=x swap=x id=x %}{% endform %}",
    "field": "{% field form.words label=x hint=x %}",
    "field with a mistake": "{% field wrong.words label=x hint=x %}",
    "fields": "{% fields wrong %}",
    "form_errors": "{% form_errors wrong %}",
    "fieldset": "{% fieldset x hint=x %}{% endfieldset %}",
    "steps": "{% steps 1 2 label=x %}",
    "confirm": "{% confirm x to=x yes=x no=x url=x %}{% endconfirm %}",
    "tag": "{% tag x %}",
    "clock": "{% clock now what=x %}",
    "telephone": "{% telephone x %}{% telephone x kind='plain' %}",
    "spine": "{% spine %}{% spine_part x %}{% endspine_part %}{% endspine %}",
    "timeline_item": "{% timeline_item x at=now by=x %}{% endtimeline_item %}",
    "task": "{% task x url=x status=x hint=x %}{% task x %}",
    "table": "{% table caption=x %}{% columns x %}{% endtable %}",
    "row": "{% row id=x %}{% cell x %}{{ x }}{% endcell %}{% endrow %}",
    "fact": "{% fact x url=x change=x %}{{ x }}{% endfact %}",
    "reason": "{% reason_list title=x %}{% reason x source=x %}{% endreason_list %}",
    "person": "{% person x role=x organisation=x url=x %}{% person x %}",
    "stat": "{% stats %}{% stat x x note=x url=x %}{% endstats %}",
    "progress": "{% progress 1 2 label=x url=x %}",
    "tab": "{% tabs x %}{% tab x x count=1 %}{% endtabs %}",
    "facets": "{% facets clear=x target=x %}{% endfacets %}",
    "map": "{% map places x id='m' shapes_url=x clusters_url=x %}{% map places x %}",
    "read_aloud": "{% read_aloud x %}{{ x }}{% endread_aloud %}",
    "typed": "{% typed x %}",
    "bdi": "{{ x|bdi }}",
}


class Markup(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.attributes: set[str] = set()
        self.feed(html)
        self.close()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        if tag == "script":
            self.scripts.append(dict(attrs))


@pytest.mark.parametrize("name", TAGS)
def test_nothing_that_somebody_typed_becomes_markup(name: str) -> None:
    place = {"name": HOSTILE, "note": HOSTILE, "url": HOSTILE}
    drawn = draw(
        TAGS[name],
        x=HOSTILE,
        now=timezone.now(),
        fields={HOSTILE: HOSTILE},
        form=samples.SampleForm(),
        wrong=samples.SampleForm({"words": HOSTILE, "urgency": HOSTILE}),
        places=[place | {"latitude": 1, "longitude": 1}],
    )
    markup = Markup(drawn)
    assert "alert(1)" in drawn
    assert [
        s for s in markup.scripts if not ("src" in s or "json" in (s["type"] or ""))
    ] == []
    assert {
        a for a in markup.attributes if not re.fullmatch(r"[a-z][\w-]*", a)
    } == set()


def test_the_check_notices_text_that_became_markup() -> None:
    assert Markup(f'<p title="{HOSTILE}">').scripts == [{}]


@pytest.mark.parametrize("name", sorted(set(TAGS) - {"row", "fact", "read_aloud"}))
def test_no_argument_of_a_component_reorders_a_line(name: str) -> None:
    tricky = f"exe.{REORDERING}gpj"
    drawn = draw(
        TAGS[name],
        x=tricky,
        now=timezone.now(),
        fields={},
        form=samples.SampleForm(),
        wrong=samples.SampleForm({"words": "Bread", "urgency": "U1"}),
        places=[],
    )
    assert not set(drawn) & set(REORDERING)


@pytest.mark.parametrize("source", ["{{ x|bdi }}", "{% typed x %}", "{{ x|harmless }}"])
def test_what_somebody_typed_can_not_reorder_a_line(source: str) -> None:
    drawn = draw(source, x=f"exe.{REORDERING}gpj\x07\x00")
    assert "exe.gpj" in drawn
    assert not set(drawn) & {*REORDERING, "\x07", "\x00"}


def test_arabic_and_marks_of_direction_stay() -> None:
    assert "\u200fمرحبا" in draw("{{ x|bdi }}", x="\u200fمرحبا")


def test_a_field_points_to_its_hint_and_its_mistake() -> None:
    form = samples.SampleForm({"words": ""})
    drawn = draw("{% field form.words hint='Short' %}", form=form)
    assert 'aria-describedby="id_words_helptext id_words_error"' in drawn
    assert 'id="id_words_helptext">Short' in drawn
    assert 'id="id_words_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'for="id_words"' in drawn


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("urgency", "fieldset"),
        ("languages", "fieldset"),
        ("born_on", "fieldset"),
        ("understood", "div"),
        ("area", "div"),
        ("file", "div"),
    ],
)
def test_inputs_that_belong_together_stand_in_a_fieldset(
    name: str, within: str
) -> None:
    drawn = draw("{% field field %}", field=samples.SampleForm()[name])
    assert drawn.strip().startswith(f"<{within}")
    for input_id in re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', drawn):
        assert f'for="{input_id}"' in drawn


def test_the_summary_of_mistakes_leads_to_each_field() -> None:
    form = samples.SampleForm({"born_on_day": "31", "born_on_month": "2"})
    summary = draw("{% form_errors form %}", form=form)
    drawn = draw("{% fields form %}", form=form)
    links = re.findall(r'href="#([^"]+)"', summary)
    assert {"id_words", "id_urgency_0", "id_born_on_day"} <= set(links)
    assert [link for link in links if f'id="{link}"' not in drawn] == []
    assert "How soon: Choose how soon help is needed." in summary


def test_a_form_that_is_right_has_no_summary() -> None:
    assert draw("{% form_errors form %}", form=samples.SampleForm()).strip() == ""


def test_a_remembered_day_is_typed_in_three_boxes() -> None:
    sent = {"born_on_day": "7", "born_on_month": "3", "born_on_year": "1999"}
    form = samples.SampleForm(sent)
    assert "born_on" not in form.errors
    assert form.cleaned_data["born_on"].isoformat() == "1999-03-07"
    again = str(form["born_on"])
    assert re.findall(r'value="(\d+)"', again) == ["7", "3", "1999"]


def test_half_a_day_is_a_mistake_and_no_day_is_none() -> None:
    half = samples.SampleForm({"born_on_year": "1999"})
    assert "born_on" in half.errors
    none = samples.SampleForm({"born_on_day": "", "born_on_year": ""})
    assert "born_on" not in none.errors


def test_a_form_goes_to_its_own_page_and_carries_both_keys() -> None:
    drawn = draw("{% form %}{% endform %}", csrf_token="token")
    assert 'action="/here/?a=1"' in drawn
    assert 'name="_once"' in drawn
    assert 'name="csrfmiddlewaretoken"' in drawn


def test_a_filter_has_no_keys_in_its_address() -> None:
    drawn = draw("{% facets %}{% endfacets %}", csrf_token="token")
    assert 'action="/here/"' in drawn
    assert "_once" not in drawn
    assert "csrf" not in drawn


def test_a_form_shown_again_keeps_its_key(rf: RequestFactory) -> None:
    request = rf.post("/", {"_once": "the-same"})
    drawn = draw("{% form %}{% endform %}", request=request)
    assert 'name="_once" value="the-same"' in drawn


@pytest.mark.parametrize("code", ["ar", "fa", "prs", "ur-PK", "ckb"])
def test_what_is_read_aloud_has_its_own_language_and_direction(code: str) -> None:
    drawn = draw("{% read_aloud code %}text{% endread_aloud %}", code=code)
    assert f'lang="{code}" dir="rtl"' in drawn
    assert 'dir="ltr"' in draw("{% read_aloud 'ti' %}text{% endread_aloud %}")


def test_progress_asks_again_only_while_unfinished() -> None:
    assert 'hx-get="/p"' in draw("{% progress 1 2 url='/p' %}")
    assert "hx-get" not in draw("{% progress 2 2 url='/p' %}")
    assert "hx-get" not in draw("{% progress 1 2 %}")


def test_progress_of_many_is_read_at_a_glance() -> None:
    drawn = draw("{% progress 12400 20000 %}")
    assert "12,400 of 20,000" in drawn
    assert 'value="12400"' in drawn


def in_gallery() -> set[str]:
    source = (TEMPLATES / "gallery.html").read_text()
    return set(re.findall(r"{% (\w+)", source))


def test_the_gallery_shows_every_component() -> None:
    assert ui_tags.register.tags.keys() - SHELL - in_gallery() == set()


def test_every_component_is_in_the_list_at_the_top_and_in_the_manual() -> None:
    manual = Path("docs/manual/components.md").read_text()
    for name in ui_tags.register.tags.keys() - SHELL:
        assert re.search(rf"\b{name}\b", ui_tags.__doc__ or ""), name
        assert re.search(rf"`{name}\b", manual), name


def test_every_template_belongs_to_a_component() -> None:
    pages = {"page", "public_page", "gallery", "print_mark"}
    names = {path.stem for path in TEMPLATES.glob("*.html")} - pages
    assert names - ui_tags.register.tags.keys() == set()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_gallery_speaks_every_language(language: str, db: None) -> None:
    client = sign_in(make_user())
    page = client.get("/ui/", headers={"Accept-Language": language})
    html = page.content.decode()
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert f"reboot.{direction}.css" in html
    assert translation.get_language_info(language)["name_local"] in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert [name for name in set(ids) if ids.count(name) > 1] == []
    assert not re.search(r"\sstyle=", html)


def test_strangers_do_not_see_the_gallery(client: Client) -> None:
    assert client.get("/ui/").status_code == 302


def signed_in_request() -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = make_user()
    return request


def test_the_menu_under_ones_name_signs_out(db: None) -> None:
    drawn = draw("{% user_menu %}", user=make_user(), request=signed_in_request())
    assert reverse("account_logout") in drawn
    assert f'action="{reverse("set_language")}"' in drawn


def test_every_icon_is_drawn_in_one_weight_and_in_the_sprite() -> None:
    """Line icons on a grid of 24, without colours or weights of their own."""
    sprite = (Path(ui_tags.__file__).parents[1] / "static/ui/icons.svg").read_text()
    symbols = dict(
        re.findall(r'<symbol id="(\w+)" viewBox="0 0 24 24">(.*?)</sy', sprite)
    )
    assert set(symbols) == IN_SPRITE <= set(get_args(Icon))
    assert not re.search(r"stroke|fill|style|class", sprite)
    assert len(sprite) < 6_000
    for name in filter(None, get_args(Icon)):
        shown = draw(f"{{% icon '{name}' %}}")
        assert 'aria-hidden="true"' in shown
        assert "style=" not in shown
        assert (f"icons.svg#{name}" in shown) is (name in IN_SPRITE)


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError, match="icon"):
        draw("{% icon name='shelterr' %}")
