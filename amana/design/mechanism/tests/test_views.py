"""The pages: reading what is agreed, changing a draft without ever seeing a file."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from amana import confined, given
from amana.design.mechanism import actions, choosing, version_contents, writing
from amana.design.mechanism import sent as packs
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.files import read_zip, write_zip
from amana.design.mechanism.pieces import COLLECTIONS, STEPS
from amana.design.mechanism.tests.packs import PATHWAY, small
from amana.design.mechanism.views.editing import ONLY
from amana.trust.access.models import Role
from amana.ui.once import make_form_key
from tests.worlds import kept

READING = [
    "version", "steps", "who", "duties", "clocks", "sharing", "law", "glossary",
    "indicators", "tables", "texts", "files", "comments", "adoption", "differences",
]  # fmt: skip


def page(user, name, *args, **options):
    url = reverse(f"mechanism:{name}", args=args)
    return given.sign_in(user).get(url, **options)


def html_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def send(user, name, /, *args, **fields):
    url = reverse(f"mechanism:{name}", args=args)
    return given.sign_in(user).post(url, fields | make_form_key())


def filled(response) -> dict[str, object]:
    """What a browser would send of the form in a page, unchanged."""
    form = response.context["form"]
    said: dict[str, object] = {}
    for bound in form:
        widget, value = bound.field.widget, bound.value()
        if hasattr(widget, "decompress"):
            parts = value if isinstance(value, list) else widget.decompress(value)
            amount, unit = parts
            said[f"{bound.name}_amount"] = "" if amount is None else str(amount)
            said[f"{bound.name}_unit"] = unit
        elif isinstance(value, bool):
            said |= {bound.name: "on"} if value else {}
        elif isinstance(value, list) and widget.allow_multiple_selected:
            said[bound.name] = value
        else:
            shown = bound.field.prepare_value(value)
            said[bound.name] = "" if shown is None else str(shown)
    return said


def plain(version, path):
    return writing.read_plain(Version.objects.get(pk=version.pk).content(), path)


class TestReading:
    def test_what_is_in_force_is_everybodys(self, in_force, worker, stranger, house):
        actions.give_part(
            in_force.mechanism,
            "responder",
            worker.memberships.get().team,
            by=in_force.in_force_by,
        )
        html = html_of(page(worker, "now"))
        assert "Harbour mechanism" in html
        assert "Listen and make safe" in html
        assert "Meets people." in html
        assert 'class="line"' in html
        assert "Harbour mechanism" not in html_of(page(stranger, "now"))

    def test_without_a_mechanism_it_says_how_to_get_one(self, worker):
        assert "No mechanism is in force yet" in html_of(page(worker, "now"))

    @pytest.mark.parametrize("name", READING)
    def test_every_page_of_a_version_is_read_in_each_language(
        self, name, in_force, worker, stranger
    ):
        assert html_of(page(worker, name, in_force.pk))
        for language in ("fr", "ar"):
            html = html_of(
                page(worker, name, in_force.pk, headers={"accept-language": language})
            )
            assert f'lang="{language}"' in html
        assert page(stranger, name, in_force.pk).status_code == 404

    @pytest.mark.parametrize("name", READING)
    def test_a_draft_is_for_those_who_write(self, name, draft, coordinator, worker):
        assert html_of(page(coordinator, name, draft.pk))
        assert page(worker, name, draft.pk).status_code == 404

    def test_a_step_says_who_by_when_and_what_next(self, in_force, worker, stranger):
        html = html_of(page(worker, "step", in_force.pk, "meet"))
        for words in ("First responder", "3 working days", "Decide on help"):
            assert words in html or words == "Decide on help"
        assert "“Does the person agree?” is “Yes”" in html_of(
            page(worker, "step", in_force.pk, "agreed")
        )
        assert page(worker, "step", in_force.pk, "nothing").status_code == 404
        assert page(stranger, "step", in_force.pk, "meet").status_code == 404

    def test_nobody_is_offered_what_they_may_not_do(
        self, in_force, draft, coordinator, worker
    ):
        assert "change/" not in html_of(page(worker, "step", in_force.pk, "meet"))
        assert "change/" not in html_of(page(coordinator, "step", in_force.pk, "meet"))

    def test_faults_of_a_draft_are_told_in_words(self, draft, coordinator):
        actions.edit_draft(
            draft,
            lambda files: writing.write_value(
                files, "pathway.yaml", ("steps", "decide", "role"), "nobody"
            ),
            by=coordinator,
        )
        html = html_of(page(coordinator, "version", draft.pk))
        assert "There is no role" in html
        assert "pathway.yaml:" in html


class TestChanging:
    @pytest.mark.parametrize("part", ONLY)
    def test_what_is_sent_unchanged_changes_nothing(self, part, draft, coordinator):
        before = draft.content()
        shown = page(coordinator, "only", draft.pk, part)
        sent = send(coordinator, "only", draft.pk, part, **filled(shown))
        assert sent.status_code == 302, sent.context["form"].errors
        assert Version.objects.get().content() == before

    @pytest.mark.parametrize(
        ("kind", "code"),
        [("roles", "responder"), ("organisations", "house"), ("partners", "abroad"),
         ("interrupts", "withdrawal"), ("law", "palermo")],
    )  # fmt: skip
    def test_one_of_many_sent_unchanged_changes_nothing(
        self, kind, code, draft, coordinator
    ):
        before = draft.content()
        shown = page(coordinator, "change_one", draft.pk, kind, code)
        sent = send(coordinator, "change_one", draft.pk, kind, code, **filled(shown))
        assert sent.status_code == 302, sent.context["form"].errors
        assert Version.objects.get().content() == before

    @pytest.mark.parametrize("step", ["meet", "agreed", "decide", "goodbye"])
    def test_a_step_sent_unchanged_changes_nothing(self, step, draft, coordinator):
        before = draft.content()
        shown = page(coordinator, "change_step", draft.pk, step)
        sent = send(coordinator, "change_step", draft.pk, step, **filled(shown))
        assert sent.status_code == 302, sent.context["form"].errors
        assert Version.objects.get().content() == before

    def test_a_clock_and_words_are_changed(self, draft, coordinator):
        fields = filled(page(coordinator, "change_step", draft.pk, "decide"))
        fields |= {"due_amount": "10", "due_unit": "working_days", "do_fr": "Décider"}
        sent = send(coordinator, "change_step", draft.pk, "decide", **fields)
        assert sent.url == reverse("mechanism:step", args=[draft.pk, "decide"])
        step = plain(draft, "pathway.yaml")["steps"]["decide"]
        assert step["due"] == "P10B"
        assert step["do"]["fr"] == "Décider"
        assert step["do"]["en"] == "Decide on help"

    def test_a_clock_by_urgency_is_whole_or_not_said(self, draft, coordinator):
        fields = filled(page(coordinator, "change_step", draft.pk, "decide"))
        wrong = send(
            coordinator, "change_step", draft.pk, "decide",
            **fields | {"due_U0_amount": "1", "due_U0_unit": "hours"},
        )  # fmt: skip
        assert wrong.status_code == 422
        assert "not both" in wrong.content.decode()
        wrong = send(
            coordinator, "change_step", draft.pk, "decide",
            **fields | {"due_amount": "soon"},
        )  # fmt: skip
        assert wrong.status_code == 422
        assert 'value="soon"' in wrong.content.decode()
        assert plain(draft, "pathway.yaml")["steps"]["decide"]["due"] == "P5D"

    def test_a_holiday_and_a_country_of_holidays_are_added(self, draft, coordinator):
        shown = page(coordinator, "only", draft.pk, "calendar")
        fields = filled(shown) | {
            "holidays_days": "2027-05-01\n2026-12-25",
            "holidays_country_1": "KE",
        }
        sent = send(coordinator, "only", draft.pk, "calendar", **fields)
        assert sent.status_code == 302, sent.context["form"].errors
        calendar = plain(draft, "mechanism.yaml")["calendar"]
        assert calendar["holidays"] == [
            {"country": "KE"}, "2026-12-25", "2027-05-01",
        ]  # fmt: skip
        html = html_of(page(coordinator, "clocks", draft.pk))
        assert "Public holidays of Kenya" in html
        assert "1 May 2027" in html

    def test_what_is_no_day_is_refused_in_words(self, draft, coordinator):
        fields = filled(page(coordinator, "only", draft.pk, "calendar"))
        fields["holidays_days"] = "2027-02-30"
        wrong = send(coordinator, "only", draft.pk, "calendar", **fields)
        assert wrong.status_code == 422
        assert "“2027-02-30” is not a date" in wrong.content.decode()
        calendar = plain(draft, "mechanism.yaml")["calendar"]
        assert calendar["holidays"] == ["2026-12-25"]

    def test_posts_places_and_people_who_come_are_changed(self, draft, coordinator):
        fields = filled(page(coordinator, "only", draft.pk, "capacity-people"))
        fields |= {
            "arrivals_per_day": "2.5", "staff_responder": "", "staff_authority": "3",
            "places_2_step": "goodbye", "places_2_places": "4", "places_2_days": "0.5",
        }  # fmt: skip
        sent = send(coordinator, "only", draft.pk, "capacity-people", **fields)
        assert sent.url == reverse("mechanism:foresight", args=[draft.pk])
        counts = plain(draft, "capacity.yaml")
        assert counts["arrivals_per_day"] == 2.5
        assert counts["staff"] == {"authority": 3}
        assert counts["places"] == {
            "meet": {"places": 3, "days": 1},
            "goodbye": {"places": 4, "days": 0.5},
        }
        assert counts["work_hours"] == {"meet": 1, "decide": 2.5, "goodbye": 1}
        content = Version.objects.get().content()["capacity.yaml"].decode()
        assert content.startswith("# Our own counts.")

    @pytest.mark.parametrize(
        ("part", "fields", "words"),
        [
            ("people", {"staff_authority": "0"}, "Enter a number above 0"),
            ("people", {"places_1_days": ""}, "places and the length of stay"),
            ("people", {"staff_authority": "", "staff_responder": ""},
             "Enter at least one number"),
            ("work", {"work_hours_meet": "-1"}, "greater than or equal to 0"),
            ("chances", {"chance_agrees_yes": "70"}, "100. It adds up to 110."),
            ("chances", {"chance_agrees_yes": "101"}, "less than or equal to 100"),
        ],
    )  # fmt: skip
    def test_counts_that_cannot_be_are_refused_in_words(
        self, part, fields, words, draft, coordinator
    ):
        before = draft.content()
        shown = filled(page(coordinator, "only", draft.pk, f"capacity-{part}"))
        name = f"capacity-{part}"
        wrong = send(coordinator, "only", draft.pk, name, **(shown | fields))
        assert wrong.status_code == 422
        assert words in wrong.content.decode()
        assert Version.objects.get().content() == before

    def test_chances_are_written_in_per_cent_and_kept_as_shares(
        self, draft, coordinator
    ):
        shown = page(coordinator, "only", draft.pk, "capacity-chances")
        fields = filled(shown)
        assert fields["starts_with_age_group_child"] == "23"
        fields |= {"chance_agrees_yes": "62.5", "chance_agrees_no": "37.5",
                   "interrupts_withdrawal": ""}  # fmt: skip
        sent = send(coordinator, "only", draft.pk, "capacity-chances", **fields)
        assert sent.status_code == 302, sent.context["form"].errors
        counts = plain(draft, "capacity.yaml")
        assert counts["chance"] == {"agrees": {"yes": 0.625, "no": 0.375}}
        assert counts["starts_with"]["age_group"]["child"] == 0.23
        assert "interrupts" not in counts

    def test_counts_are_begun_where_there_are_none(self, draft, coordinator):
        actions.edit_draft(draft, lambda files: {"capacity.yaml": None}, by=coordinator)
        fields = filled(page(coordinator, "only", draft.pk, "capacity-people"))
        fields |= {"arrivals_per_day": "1", "staff_authority": "2"}
        send(coordinator, "only", draft.pk, "capacity-people", **fields)
        fields = filled(page(coordinator, "only", draft.pk, "capacity-work"))
        fields["work_hours_decide"] = "4"
        send(coordinator, "only", draft.pk, "capacity-work", **fields)
        assert plain(draft, "capacity.yaml") == {
            "arrivals_per_day": 1, "staff": {"authority": 2},
            "work_hours": {"decide": 4},
        }  # fmt: skip
        assert version_contents.read_version(Version.objects.get())[1] == []

    def test_where_nothing_can_be_counted_no_number_is_asked_for(
        self, draft, coordinator
    ):
        def without_steps(files):
            return {"pathway.yaml": None, "capacity.yaml": None}

        actions.edit_draft(draft, without_steps, by=coordinator)
        fields = filled(page(coordinator, "only", draft.pk, "capacity-work"))
        assert not [name for name in fields if name.startswith("work_hours")]
        sent = send(coordinator, "only", draft.pk, "capacity-work", **fields)
        assert sent.status_code == 302

    def test_where_the_way_leads_is_changed(self, draft, coordinator):
        fields = filled(page(coordinator, "change_step", draft.pk, "agreed"))
        fields |= {
            "choose_2_if": 'age_group == "child"',
            "choose_2_next": "decide",
        }
        sent = send(coordinator, "change_step", draft.pk, "agreed", **fields)
        assert sent.status_code == 302, sent.context["form"].errors
        assert plain(draft, "pathway.yaml")["steps"]["agreed"]["choose"] == [
            {"if": 'agrees == "yes"', "next": "decide"},
            {"if": 'age_group == "child"', "next": "decide"},
            {"else": True, "next": "goodbye"},
        ]

    def test_a_condition_is_never_code(self, draft, coordinator):
        fields = filled(page(coordinator, "change_step", draft.pk, "agreed"))
        fields |= {"choose_1_written": '__import__("os").system("id")'}
        wrong = send(coordinator, "change_step", draft.pk, "agreed", **fields)
        assert wrong.status_code == 422
        assert plain(draft, "pathway.yaml")["steps"]["agreed"]["choose"][0] == {
            "if": 'agrees == "yes"',
            "next": "decide",
        }

    def test_a_step_is_added_on_a_way(self, draft, coordinator):
        shown = page(coordinator, "add_step", draft.pk, "agreed", "do")
        assert "before “Decide on help”" in html_of(shown)
        fields = filled(shown) | {
            "way": "way0",
            "do_en": "Rest for a day",
            "role": "responder",
            "due_amount": "1",
            "due_unit": "days",
        }
        sent = send(coordinator, "add_step", draft.pk, "agreed", "do", **fields)
        assert sent.status_code == 302, sent.context["form"].errors
        said = plain(draft, "pathway.yaml")["steps"]
        assert said["rest_for_a_day"] == {
            "do": {"en": "Rest for a day"},
            "role": "responder",
            "due": "P1D",
            "next": "decide",
        }
        assert said["agreed"]["choose"][0]["next"] == "rest_for_a_day"

    @pytest.mark.parametrize("kind", [k for k in STEPS if k not in ("decide", "part")])
    def test_every_kind_of_step_can_be_asked_for(self, kind, draft, coordinator):
        assert html_of(page(coordinator, "add_step", draft.pk, "meet", kind))

    def test_a_step_is_taken_away(self, draft, coordinator):
        shown = page(coordinator, "remove_step", draft.pk, "decide")
        seen = shown.context["seen_piece"]
        sent = send(
            coordinator,
            "remove_step",
            draft.pk,
            "decide",
            seen=seen,
            leads_to="goodbye",
        )
        assert sent.status_code == 302
        assert "decide" not in plain(draft, "pathway.yaml")["steps"]

    def test_a_step_gets_another_code(self, draft, coordinator):
        assert html_of(page(coordinator, "rename_step", draft.pk, "decide"))
        wrong = send(coordinator, "rename_step", draft.pk, "decide", code="é!")
        assert wrong.status_code == 422
        send(coordinator, "rename_step", draft.pk, "decide", code="the decision")
        assert "the_decision" in plain(draft, "pathway.yaml")["steps"]

    @pytest.mark.parametrize("kind", COLLECTIONS)
    def test_one_more_of_each_kind_can_be_asked_for(self, kind, draft, coordinator):
        assert html_of(page(coordinator, "add_one", draft.pk, kind))
        empty = send(coordinator, "add_one", draft.pk, kind)
        assert empty.status_code == 422

    def test_a_word_is_added_changed_and_taken_away(self, draft, coordinator):
        send(
            coordinator, "add_one", draft.pk, "glossary",
            term_en="Presumed victim", means_en="Somebody for whom there are signs.",
        )  # fmt: skip
        assert list(plain(draft, "glossary.yaml")) == ["presumed_victim"]

        args = (draft.pk, "glossary", "presumed_victim")
        fields = filled(page(coordinator, "change_one", *args))
        send(coordinator, "change_one", *args, **fields | {"term_ar": "ضحية مفترضة"})
        said = plain(draft, "glossary.yaml")["presumed_victim"]
        assert said["term"] == {"en": "Presumed victim", "ar": "ضحية مفترضة"}

        seen = page(coordinator, "remove_one", *args).context["seen_piece"]
        send(coordinator, "remove_one", *args, seen=seen)
        assert "glossary.yaml" not in Version.objects.get().content()
        assert page(coordinator, "change_one", *args).status_code == 404

    def test_an_indicator_gets_the_next_number(self, draft, coordinator):
        for title in ("Answered in time", "Seen by a doctor"):
            send(
                coordinator, "add_one", draft.pk, "indicators",
                title_en=title, counts_en="People", source="Our own", checked="on",
            )  # fmt: skip
        said = plain(draft, "indicators.yaml")["indicators"]
        assert list(said) == ["A01", "A02"]
        assert said["A01"]["checked"] == "yes"

    def test_an_indicator_names_what_is_asked_of_a_case(self, draft, coordinator):
        new = {
            "title_en": "Care in time",
            "counts_en": "People",
            "source": "Our own",
            "asks": ["rape_care", "goal"],
        }
        send(coordinator, "add_one", draft.pk, "indicators", **new)
        assert plain(draft, "indicators.yaml")["indicators"]["A01"]["asks"] == [
            "rape_care",
            "goal",
        ]

        wrong = send(
            coordinator, "add_one", draft.pk, "indicators", **new | {"asks": ["name"]}
        )
        assert wrong.status_code == 422
        assert list(plain(draft, "indicators.yaml")["indicators"]) == ["A01"]

    def test_nothing_is_shared_beyond_the_ceiling(self, draft, coordinator):
        shown = page(coordinator, "only", draft.pk, "sharing")
        fields = filled(shown) | {"border": ["identity"]}
        wrong = send(coordinator, "only", draft.pk, "sharing", **fields)
        assert wrong.status_code == 422
        assert plain(draft, "mechanism.yaml")["sharing"]["border"] == []

    def test_others_find_nothing_to_change(self, draft, in_force_page, worker):
        for name, args in in_force_page:
            assert page(worker, name, *args).status_code == 404


@kept
def in_force_page(draft):
    return [
        ("only", (draft.pk, "about")),
        ("change_step", (draft.pk, "meet")),
        ("add_step", (draft.pk, "meet", "do")),
        ("remove_step", (draft.pk, "meet")),
        ("rename_step", (draft.pk, "meet")),
        ("add_one", (draft.pk, "law")),
        ("change_one", (draft.pk, "law", "palermo")),
        ("remove_one", (draft.pk, "law", "palermo")),
    ]


class TestTwoAtOnce:
    def test_the_second_is_told_what_changed_and_loses_nothing(
        self, draft, coordinator, office
    ):
        other = given.make_worker(
            of=coordinator.memberships.get().team, role=Role.COORDINATOR
        )
        mine = filled(page(coordinator, "change_step", draft.pk, "decide"))
        theirs = filled(page(other, "change_step", draft.pk, "decide"))
        send(
            other, "change_step", draft.pk, "decide",
            **theirs | {"due_amount": "7", "how_en": "By two people."},
        )  # fmt: skip

        typed = mine | {"due_amount": "10", "do_en": "Decide, and say why"}
        told = send(coordinator, "change_step", draft.pk, "decide", **typed)

        assert told.status_code == 409
        html = told.content.decode()
        assert "has become" in html
        assert "7 days" in html
        again = filled(told)
        assert again["due_amount"] == "10"
        assert again["do_en"] == "Decide, and say why"
        assert again["how_en"] == "By two people."
        assert plain(draft, "pathway.yaml")["steps"]["decide"]["due"] == "P7D"

        send(coordinator, "change_step", draft.pk, "decide", **again)
        step = plain(draft, "pathway.yaml")["steps"]["decide"]
        assert step["due"] == "P10D"
        assert step["how"]["en"] == "By two people."
        assert step["do"]["en"] == "Decide, and say why"

    def test_what_somebody_changed_is_not_taken_away_unseen(self, draft, coordinator):
        shown = page(coordinator, "remove_step", draft.pk, "decide")
        seen = shown.context["seen_piece"]
        fields = filled(page(coordinator, "change_step", draft.pk, "decide"))
        send(
            coordinator, "change_step", draft.pk, "decide",
            **fields | {"due_amount": "7"},
        )  # fmt: skip
        told = send(
            coordinator,
            "remove_step",
            draft.pk,
            "decide",
            seen=seen,
            leads_to="goodbye",
        )
        assert told.status_code == 409
        assert "decide" in plain(draft, "pathway.yaml")["steps"]


TRIAGE = """\
title: {en: Which way first}
inputs: [age_group, urgency]
gives: route
rows:
  - when: {age_group: [child, unsure]}
    then: child
    because: {en: A guardian first.}
  - when: {urgency: U0}
    then: urgent
  - else: true
    then: standard
"""
ROWS = ("rows",)


@kept
def with_table(draft, coordinator):
    files = {"decisions/triage.yaml": TRIAGE.encode()}
    return actions.edit_draft(draft, lambda _all: files, by=coordinator)


class TestTables:
    def rows(self, draft):
        return plain(draft, "decisions/triage.yaml")["rows"]

    def test_rows_are_read_from_the_top(self, with_table, coordinator):
        html = html_of(page(coordinator, "tables", with_table.pk))
        for words in ("Which way first", "A guardian first.", "In all other cases"):
            assert words in html

    @pytest.mark.parametrize("row", [0, 1, 2])
    def test_a_row_sent_unchanged_changes_nothing(self, row, with_table, coordinator):
        args = (with_table.pk, "triage", row)
        before = self.rows(with_table)
        sent = send(
            coordinator,
            "change_row",
            *args,
            **filled(page(coordinator, "change_row", *args)),
        )
        assert sent.status_code == 302, sent.context["form"].errors
        assert self.rows(with_table) == before

    def test_a_row_is_changed_added_moved_and_taken_away(self, with_table, coordinator):
        pk = with_table.pk
        fields = filled(page(coordinator, "change_row", pk, "triage", 1))
        send(
            coordinator, "change_row", pk, "triage", 1,
            **fields | {"when_urgency": ["U0", "U1"], "because_en": "A bed first."},
        )  # fmt: skip
        assert self.rows(with_table)[1] == {
            "when": {"urgency": ["U0", "U1"]},
            "then": "urgent",
            "because": {"en": "A bed first."},
        }

        empty = send(coordinator, "add_row", pk, "triage", then="slow")
        assert empty.status_code == 422
        send(coordinator, "add_row", pk, "triage", then="Slow", when_urgency=["U3"])
        assert [row["then"] for row in self.rows(with_table)] == [
            "child", "urgent", "slow", "standard",
        ]  # fmt: skip

        send(coordinator, "raise_row", pk, "triage", 2)
        assert [row["then"] for row in self.rows(with_table)][1:3] == ["slow", "urgent"]

        seen = page(coordinator, "remove_row", pk, "triage", 1).context["seen_piece"]
        send(coordinator, "remove_row", pk, "triage", 1, seen=seen)
        assert len(self.rows(with_table)) == 3

    def test_what_a_table_looks_at_is_changed(self, with_table, coordinator):
        fields = filled(page(coordinator, "change_table", with_table.pk, "triage"))
        send(
            coordinator, "change_table", with_table.pk, "triage",
            **fields | {"inputs": ["age_group", "urgency", "agrees"]},
        )  # fmt: skip
        said = plain(with_table, "decisions/triage.yaml")
        assert said["inputs"] == ["age_group", "urgency", "agrees"]
        assert len(said["rows"]) == 3

    def test_others_find_no_table_to_change(self, with_table, worker):
        pk = with_table.pk
        for name, args in [
            ("change_table", ()), ("add_row", ()), ("change_row", (0,)),
            ("remove_row", (0,)),
        ]:  # fmt: skip
            assert page(worker, name, pk, "triage", *args).status_code == 404
        assert send(worker, "raise_row", pk, "triage", 1).status_code == 404


MEETING = ("06-first-meeting", "en")


class TestTexts:
    def words(self, draft):
        files = Version.objects.get(pk=draft.pk).content()
        return files["sop/en/06-first-meeting.md"].decode()

    def test_a_text_is_read_in_its_own_direction(self, in_force, worker, stranger):
        html = html_of(page(worker, "text", in_force.pk, "06-first-meeting", "ar"))
        assert re.search(r'class="prose" lang="ar" dir="rtl"', html)
        assert '<span class="place">الاستماع</span>' in html
        assert page(worker, "text", in_force.pk, "nothing", "de").status_code == 404
        assert page(stranger, "text", in_force.pk, *MEETING).status_code == 404

    def test_a_text_is_looked_at_before_it_is_written(self, draft, coordinator):
        shown = filled(page(coordinator, "change_text", draft.pk, *MEETING))
        typed = shown | {"words": "# First meeting\n\n**Sit** down. {{ step.x.due }}\n"}

        looked = send(coordinator, "change_text", draft.pk, *MEETING, **typed)
        html = html_of(looked)
        assert "<strong>Sit</strong>" in html
        assert "step.x.due" in html
        assert "This has to be corrected" in html
        assert "Sit" not in self.words(draft)

        sent = send(coordinator, "change_text", draft.pk, *MEETING, **typed, write="1")
        assert sent.status_code == 302
        assert self.words(draft) == typed["words"]

    def test_a_text_sent_unchanged_stays_as_it_is(self, draft, coordinator):
        before = draft.content()
        shown = filled(page(coordinator, "change_text", draft.pk, *MEETING))
        as_browsers_send = {k: str(v).replace("\n", "\r\n") for k, v in shown.items()}
        send(
            coordinator, "change_text", draft.pk, *MEETING,
            **as_browsers_send, write="1",
        )  # fmt: skip
        assert Version.objects.get().content() == before

    def test_two_who_write_one_text_lose_nothing(self, draft, coordinator):
        mine = filled(page(coordinator, "change_text", draft.pk, *MEETING))
        send(
            coordinator, "change_text", draft.pk, *MEETING,
            **mine | {"words": "# Theirs\n"}, write="1",
        )  # fmt: skip
        typed = mine | {"words": "# Mine\n"}
        told = send(coordinator, "change_text", draft.pk, *MEETING, **typed, write="1")
        assert told.status_code == 409
        html = told.content.decode()
        assert "# Mine" in html
        assert "# Theirs" in html
        assert self.words(draft) == "# Theirs\n"

        again = filled(told)
        send(coordinator, "change_text", draft.pk, *MEETING, **again, write="1")
        assert self.words(draft) == "# Mine\n"

    def test_a_chapter_is_added_in_every_language_and_taken_away(
        self, draft, coordinator
    ):
        wrong = send(coordinator, "add_chapter", draft.pk, number="6", title="Six")
        assert wrong.status_code == 422
        send(coordinator, "add_chapter", draft.pk, number="7", title="Safe beds")
        there = Version.objects.get().content()
        for language in ("en", "fr", "ar"):
            assert there[f"sop/{language}/07-safe-beds.md"] == b"# Safe beds\n"

        assert html_of(page(coordinator, "remove_chapter", draft.pk, "07-safe-beds"))
        send(coordinator, "remove_chapter", draft.pk, "07-safe-beds")
        assert not [p for p in Version.objects.get().content() if "07-" in p]

    def test_what_is_different_is_marked_beside_the_version_before(
        self, in_force, coordinator, worker
    ):
        draft = actions.begin_draft(in_force, by=coordinator)
        path = "sop/en/06-first-meeting.md"
        words = b"# First meeting\n\nWe listen.\n"
        actions.edit_draft(draft, lambda _files: {path: words}, by=coordinator)
        html = html_of(page(coordinator, "text_beside", draft.pk, *MEETING))
        assert re.search(r"<ins>\s*<p>We listen\.</p>", html)
        assert re.search(r"<del>\s*<p>We ", html)
        assert page(worker, "text_beside", draft.pk, *MEETING).status_code == 404
        first = page(coordinator, "text_beside", in_force.pk, *MEETING)
        assert first.status_code == 404

    def test_others_find_no_text_to_change(self, draft, worker):
        for name, args in [
            ("change_text", MEETING), ("add_chapter", ()),
            ("remove_chapter", MEETING[:1]),
        ]:  # fmt: skip
            assert page(worker, name, draft.pk, *args).status_code == 404


EXAMPLE = Path("mechanisms/example")


def upload(user, name, /, *args, field, content, called):
    file = SimpleUploadedFile(called, content)
    return send(user, name, *args, **{field: file})


class TestFiles:
    def test_all_of_it_goes_home_and_comes_back(self, in_force, worker, coordinator):
        zipped = page(worker, "download", in_force.pk)
        assert zipped["Content-Disposition"].startswith("attachment")
        assert read_zip(zipped.content) == in_force.content()

        there = upload(
            coordinator, "load", field="pack", content=zipped.content, called="a.zip"
        )
        assert there.status_code == 302
        assert Version.objects.drafts().get().content() == in_force.content()

    def test_one_file_is_taken_home(self, in_force, worker, stranger):
        file = in_force.files.get(path="law.yaml")
        sent = page(worker, "file", in_force.pk, file.pk)
        assert sent.content == bytes(file.content)
        assert page(stranger, "file", in_force.pk, file.pk).status_code == 404
        assert page(worker, "file", in_force.pk, 0).status_code == 404

    def test_a_bad_zip_is_refused_as_a_whole_with_every_fault(self, coordinator):
        bad = PATHWAY.replace("next: agreed", "next: nowhere")
        told = upload(
            coordinator, "load", field="pack", called="a.zip",
            content=write_zip(small(pathway=bad)),
        )  # fmt: skip
        assert told.status_code == 422
        assert re.search(r"pathway\.yaml:\d+", told.content.decode())
        told = upload(coordinator, "load", field="pack", content=b"x", called="a.zip")
        assert "not a zip file" in told.content.decode()
        assert not Version.objects.exists()

    def test_what_takes_too_long_to_read_is_refused_in_words(
        self, coordinator, monkeypatch
    ):
        monkeypatch.setattr(packs, "LIMITS", confined.Limits(768, 1, 20))
        long = b"{" + b",".join(b"a%d: 1" % n for n in range(20_000)) + b"}"
        many = {f"decisions/d{n}.yaml": long for n in range(40)}
        told = upload(
            coordinator, "load", field="pack", called="a.zip",
            content=write_zip(small() | many),
        )  # fmt: skip
        assert told.status_code == 422
        assert "takes too long to read" in told.content.decode()
        assert not Version.objects.exists()

    def test_only_some_bring_files(self, worker, supervisor):
        for someone in (worker, supervisor):
            assert page(someone, "load").status_code == 403

    def test_a_form_is_put_in_and_taken_away(self, draft, coordinator):
        content = (EXAMPLE / "forms/feedback.xlsx").read_bytes()
        sent = upload(
            coordinator, "put_form", draft.pk, field="form", content=content,
            called="Feedback.xlsx",
        )  # fmt: skip
        assert sent.status_code == 302
        file = draft.files.get(path="forms/feedback.xlsx")
        assert bytes(file.content) == content

        assert html_of(page(coordinator, "remove_form", draft.pk, file.pk))
        send(coordinator, "remove_form", draft.pk, file.pk)
        assert not draft.files.filter(path__startswith="forms/")
        law = draft.files.get(path="law.yaml")
        assert page(coordinator, "remove_form", draft.pk, law.pk).status_code == 404

    @pytest.mark.parametrize(
        ("called", "content", "words"),
        [("a.xlsx", b"PK", "not an Excel file"), ("a.exe", b"MZ", "Choose an Excel"),
         ("....xlsx", b"PK", "Choose an Excel")],
    )  # fmt: skip
    def test_what_is_no_form_is_told(self, called, content, words, draft, coordinator):
        told = upload(
            coordinator, "put_form", draft.pk, field="form", content=content,
            called=called,
        )  # fmt: skip
        assert told.status_code == 422
        assert words in told.content.decode()
        assert not draft.files.filter(path__startswith="forms/")

    def test_rules_and_services_are_replaced_by_a_file(self, draft, coordinator):
        path = "services/places.json"
        actions.edit_draft(draft, lambda files: {path: b"[]"}, by=coordinator)
        file = draft.files.get(path=path)
        assert "Replace this file" in html_of(page(coordinator, "files", draft.pk))
        done = upload(
            coordinator, "replace_file", draft.pk, file.pk, field="file",
            content=b'{"contents": []}', called="mine.json",
        )  # fmt: skip
        assert done.status_code == 302
        assert Version.objects.get().content()[path] == b'{"contents": []}'

    @pytest.mark.parametrize(
        ("called", "content", "words"),
        [("a.json", b"{}", "ends in .yaml"), ("a.yaml", b"form: [", "screening/x.yaml"),
         ("a.yaml", b"form: nothing\n", "screening/x.yaml:1")],
    )  # fmt: skip
    def test_rules_with_mistakes_are_not_taken_in(
        self, called, content, words, draft, coordinator
    ):
        path = "screening/x.yaml"
        actions.edit_draft(draft, lambda files: {path: b"form: x\n"}, by=coordinator)
        file = draft.files.get(path=path)
        told = upload(
            coordinator, "replace_file", draft.pk, file.pk, field="file",
            content=content, called=called,
        )  # fmt: skip
        assert told.status_code == 422
        assert words in told.content.decode()
        assert Version.objects.get().content()[path] == b"form: x\n"

    def test_what_has_a_page_of_its_own_is_not_replaced(
        self, draft, coordinator, worker
    ):
        law = draft.files.get(path="law.yaml")
        assert page(coordinator, "replace_file", draft.pk, law.pk).status_code == 404
        assert page(worker, "replace_file", draft.pk, law.pk).status_code == 404

    def test_others_put_nothing_in(self, draft, worker):
        assert page(worker, "put_form", draft.pk).status_code == 404
        assert page(worker, "remove_form", draft.pk, 1).status_code == 404


class TestAgreeing:
    def test_from_a_draft_to_what_everybody_works_by(
        self, in_force, coordinator, supervisor, worker, house, office
    ):
        send(coordinator, "begin", in_force.pk)
        draft = Version.objects.drafts().get()
        fields = filled(page(coordinator, "change_step", draft.pk, "decide"))
        fields |= {"due_amount": "10", "due_unit": "working_days"}
        send(coordinator, "change_step", draft.pk, "decide", **fields)
        html = html_of(page(coordinator, "differences", draft.pk))
        assert "10 working days" in html
        assert "5 days" in html

        send(coordinator, "consult", draft.pk)
        said = send(
            worker, "comment", draft.pk, step="decide", words="Ten days are long."
        )
        assert said.status_code == 302
        assert send(worker, "comment", draft.pk, words="").status_code == 422
        html = html_of(page(coordinator, "comments", draft.pk))
        assert "Ten days are long." in html
        comment = draft.comments.get()
        assert send(worker, "settle", comment.pk).status_code == 404
        send(coordinator, "settle", comment.pk, answer="It needs two experts.")
        assert "It needs two experts." in html_of(page(worker, "comments", draft.pk))

        draft.refresh_from_db()
        for by, whose in ((supervisor, house), (coordinator, office)):
            html = html_of(page(by, "adoption", draft.pk))
            assert draft.sha256 in html
            assert f"Sign for {whose}" in html
            send(by, "sign", draft.pk, whose.pk, sha256=draft.sha256)
        assert send(worker, "sign", draft.pk, house.pk).status_code == 404
        send(coordinator, "adopt", draft.pk)

        assert "Version 1" in html_of(page(coordinator, "put_in_force", draft.pk))
        assert send(worker, "put_in_force", draft.pk).status_code == 404
        send(coordinator, "put_in_force", draft.pk)
        assert choosing.find_first_version() == draft

    def test_what_has_faults_is_not_discussed(self, draft, coordinator):
        actions.edit_draft(
            draft,
            lambda files: writing.write_value(
                files, "pathway.yaml", ("steps", "decide", "role"), "nobody"
            ),
            by=coordinator,
        )
        sent = send(coordinator, "consult", draft.pk)
        assert sent.url.endswith("#faults")
        assert Version.objects.get().is_draft
        html = html_of(page(coordinator, "version", draft.pk))
        assert reverse("mechanism:change_step", args=[draft.pk, "decide"]) in html

    def test_other_files_than_were_read_are_not_signed(
        self, discussed, supervisor, house
    ):
        told = send(supervisor, "sign", discussed.pk, house.pk, sha256="0" * 64)
        assert told.status_code == 409
        assert not discussed.signatures.exists()

    def test_a_consultation_is_taken_back_and_a_draft_thrown_away(
        self, discussed, coordinator, worker
    ):
        assert send(worker, "take_back", discussed.pk).status_code == 404
        send(coordinator, "take_back", discussed.pk)
        assert html_of(page(coordinator, "discard", discussed.pk))
        assert send(worker, "discard", discussed.pk).status_code == 404
        send(coordinator, "discard", discussed.pk)
        assert not Version.objects.exists()

    def test_others_are_not_asked(self, draft, adopted, worker):
        for name in ("begin", "consult", "adopt"):
            assert send(worker, name, draft.pk).status_code == 404
        assert send(worker, "comment", draft.pk, words="A").status_code == 404


WHERE = [
    ("mechanism.yaml", ("roles", "authority", "who"), ["x"], "roles/authority/change"),
    ("mechanism.yaml", ("clocks", "U1", "answer"), "soon", "change/clocks-U1"),
    ("mechanism.yaml", ("calendar", "opens"), "late", "change/calendar"),
    ("mechanism.yaml", ("sharing", "border"), ["identity"], "change/sharing"),
    ("mechanism.yaml", ("signed_by",), ["x"], "change/about"),
    ("pathway.yaml", ("steps", "meet", "next"), "x", "steps/meet/change"),
    ("pathway.yaml", ("interrupts", "withdrawal", "next"), "x", "withdrawal/change"),
    ("law.yaml", ("palermo", "honoured_by"), ["x"], "law/palermo/change"),
    ("capacity.yaml", ("staff", "x"), 1, "change/capacity-people"),
    ("capacity.yaml", ("work_hours", "x"), 1, "change/capacity-work"),
    ("capacity.yaml", ("chance", "agrees", "x"), 0, "change/capacity-chances"),
]


@pytest.mark.parametrize(("path", "place", "value", "leads_to"), WHERE)
def test_a_fault_leads_to_the_page_that_puts_it_right(
    path, place, value, leads_to, draft, coordinator
):
    actions.edit_draft(
        draft,
        lambda files: writing.write_value(files, path, place, value),
        by=coordinator,
    )
    shown = page(coordinator, "version", draft.pk)
    assert [fault.url for fault in shown.context["faults"] if leads_to in fault.url]
    for fault in shown.context["faults"]:
        assert given.sign_in(coordinator).get(fault.url).status_code == 200


@pytest.mark.parametrize(
    ("path", "words", "leads_to"),
    [
        ("decisions/triage.yaml", TRIAGE.replace("urgent", "9"), "triage/1/change"),
        ("sop/ar/06-first-meeting.md", "# A\n\n{{ step.x.due }}\n", "in/ar/change"),
        ("consent/fr.md", "{{ x.y }}\n", "consent/in/fr/change"),
    ],
)
def test_a_fault_in_a_text_or_a_table_leads_there(
    path, words, leads_to, draft, coordinator
):
    actions.edit_draft(draft, lambda _files: {path: words.encode()}, by=coordinator)
    shown = page(coordinator, "version", draft.pk)
    assert [fault.url for fault in shown.context["faults"] if leads_to in fault.url]


class TestComparing:
    def test_any_two_versions_are_compared(self, in_force, coordinator, worker):
        draft = actions.begin_draft(in_force, by=coordinator)
        html = html_of(page(coordinator, "differences", draft.pk))
        assert "There are no differences" in html
        html = html_of(page(worker, "differences", in_force.pk))
        assert "This is the first version" in html
        other = page(worker, "differences_from", in_force.pk, draft.pk)
        assert other.status_code == 404

    def test_a_step_stands_beside_the_version_before_also_under_another_code(
        self, in_force, coordinator
    ):
        draft = actions.begin_draft(in_force, by=coordinator)
        actions.edit_draft(
            draft,
            lambda files: writing.write_value(
                files, "pathway.yaml", ("steps", "decide", "due"), "P10B"
            ),
            by=coordinator,
        )
        actions.rename_step(draft, "decide", "verdict", by=coordinator)
        html = html_of(page(coordinator, "step_beside", draft.pk, "verdict"))
        assert "10 working days" in html
        assert "5 days" in html
        html = html_of(page(coordinator, "differences", draft.pk))
        assert "10 working days" in html
        assert "is new" not in html


class TestNaming:
    def test_a_coordinator_says_who_is_meant(self, draft, coordinator, worker, house):
        mechanism_ = draft.mechanism
        shown = page(coordinator, "seats", mechanism_.pk)
        fields = filled(shown) | {"seat_office": str(house.pk)}
        send(coordinator, "seats", mechanism_.pk, **fields)
        seats = dict(mechanism_.seats.values_list("code", "organisation"))
        assert seats == {"house": house.pk, "office": house.pk}
        assert page(worker, "seats", mechanism_.pk).status_code == 404

    def test_a_coordinator_gives_roles_to_teams(self, draft, coordinator, worker):
        team = worker.memberships.get().team
        mechanism_ = draft.mechanism
        assert "No one yet" in html_of(page(coordinator, "teams", mechanism_.pk))
        send(coordinator, "teams", mechanism_.pk, role="responder", team=team.pk)
        part = mechanism_.parts.get()
        assert (part.role, part.team, part.area) == ("responder", team, None)

        wrong = send(coordinator, "teams", mechanism_.pk, role="king", team=team.pk)
        assert wrong.status_code == 422
        assert page(worker, "teams", mechanism_.pk).status_code == 404
        assert send(worker, "end_part", part.pk).status_code == 404
        send(coordinator, "end_part", part.pk)
        assert not mechanism_.parts.exists()


def test_a_page_asks_few_questions_of_the_database(
    in_force, worker, django_assert_max_num_queries
):
    browser = given.sign_in(worker)
    url = reverse("mechanism:now")
    browser.get(url)
    with django_assert_max_num_queries(16):
        assert re.search("Listen and make safe", browser.get(url).content.decode())
