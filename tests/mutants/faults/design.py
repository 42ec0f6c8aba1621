"""Faults of the directory, forms and mechanisms."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from .registry import fault, put

DIRECTORY = "amana/design/directory/tests"
MECHANISM = "amana/design/mechanism/tests"
PUBLIC = "amana/design/public_directory/tests"


@fault(f"{DIRECTORY}/test_offered.py")
def best_match_has_no_bed() -> None:
    """A count of no free places, once it is old, is no longer held against a house."""
    from amana.design.directory.matching import MatchRule, rules

    def by_fresh_counts_alone(directory: Any, person: Any, at: Any) -> Any:
        counts = directory["counts_places"][at]
        now = rules.find_fresh_counts(directory, person, at)
        few = directory["free"][at] < rules.compute_places_needed(directory, person, at)
        return counts & now & few, counts & ~now

    rules.RULES[MatchRule.FULL] = by_fresh_counts_alone


@fault(f"{DIRECTORY}/test_clusters.py")
def map_counts_what_one_may_not_see() -> None:
    """The numbers on the map are of all services, also of those shown to their own
    team alone."""
    from amana.design.directory.catalogue import Catalogue

    def all_of_it(self: Any, user: Any) -> Any:
        import numpy as np

        return np.ones(len(self.directory), np.bool)

    put(Catalogue, visible=all_of_it)


@fault(f"{DIRECTORY}/test_clusters.py")
def marks_lie_on_each_other() -> None:
    """Towns that touch on the map stay two marks, of which one can't be tapped."""
    from amana.design.directory import clusters

    put(clusters, merge_marks=lambda counted, found, zoom: found)


@fault(f"{MECHANISM}/test_line.py")
def drawing_forgets_a_branch() -> None:
    """What comes after a branch in a block is not linked to the block's end."""
    from amana.design.mechanism import line

    put(line, map_joins=lambda inside: {})


@fault(f"{DIRECTORY}/test_clusters.py")
def mark_leads_to_more_than_it_counts() -> None:
    """A mark of several areas leads to all services, whatever its number."""
    from dataclasses import replace

    from amana.design.directory import clusters

    made = clusters.build_merged_mark
    put(
        clusters,
        build_merged_mark=lambda now, found: replace(made(now, found), url=now.url()),
    )


@fault(f"{MECHANISM}/test_line.py")
def fork_stands_before_the_block_that_it_follows() -> None:
    """What follows a block is drawn with the block's beginning, and its branches lead
    back."""
    from amana.design.mechanism import line

    def every(seen: Any, inside: Any) -> Any:
        told = line.list_told_before(seen)
        for id in inside:
            before = seen.leading_to(id)
            if id in told and len(before) == 1 and before[0].kind != "choose":
                yield id, before[0].id

    put(line, iterate_branchings=every)


@fault(f"{MECHANISM}/test_line.py")
def two_stations_in_one_place() -> None:
    """Every way takes the first lane, whatever runs there."""
    from amana.printing import layout

    put(layout, take_free_lane=lambda taken, span: 0)


@fault(f"{DIRECTORY}/test_service_page.py")
def places_taken_shown_to_all() -> None:
    """Everyone who sees a safe house sees when someone came."""
    from django.db.models import Q

    from amana.design.directory import views
    from amana.trust.access.rules import define_rule

    put(views, see_places_taken=define_rule(lambda user: Q()))


@fault(f"{DIRECTORY}/test_service_page.py")
def minute_of_a_bed_kept() -> None:
    """The history of a safe house holds the minute in which a place was taken."""
    from amana.design.directory import actions

    put(actions, _day_of=lambda moment: moment)


PATTERNS = "amana/design/forms/tests/test_patterns.py"
LENGTHS = "amana/design/forms/tests/test_lengths.py"
CRAWL = "tests/properties/test_crawl.py"


def alter_copied_script(name: str, before: str, after: str) -> None:
    """Let the tests that run our scripts in Node run one with a place altered."""
    from tests.peers import node

    copied = node.Scripts.__init__

    def copy(self: Any, folder: Path) -> None:
        copied(self, folder)
        script = Path(self.copy.name) / name
        text = script.read_text()
        assert text.count(before) == 1, f"{name} has no {before} any more"
        script.write_text(text.replace(before, after))

    put(node.Scripts, __init__=copy)


@fault(f"{PATTERNS}::test_what_is_not_understood_is_refused_saying_what_to_write")
def pattern_read_by_its_engine() -> None:
    """RE2 is given the author's own pattern, some of which it misreads."""
    import re2

    from amana.design.forms.engine import patterns

    put(patterns, compile_pattern=re2.compile)


@fault(f"{PATTERNS}::test_server_and_browser_give_one_answer")
def browser_leaves_out_the_last_of_a_range() -> None:
    """In the browser, [a-z] does not hold z."""
    alter_copied_script("patterns.js", "sign <= ranges[n + 1]", "sign < ranges[n + 1]")


@fault(f"{PATTERNS}::test_what_forms_use_is_read_as_their_authors_meant")
def dot_takes_the_end_of_a_line() -> None:
    """A dot in a pattern fits every sign."""
    from amana.design.forms.engine import patterns

    put(patterns, LINE_ENDS=[0, 0])


@fault(f"{LENGTHS}::test_a_chain_ends_in_words_and_keeps_each_answer")
def texts_grow_longer() -> None:
    """The server puts together longer texts than the browser."""
    from amana.design.forms.engine import functions

    put(functions, LONGEST=500_000)


@fault(f"{LENGTHS}::test_many_that_are_not_long_may_not_be_long_together")
def all_together_have_no_most() -> None:
    """Many calculations together may be as long as they like."""
    from amana.design.forms.engine.filling import FormSettlement

    settle = FormSettlement.settle

    def without_a_most(self: Any) -> None:
        self.left = 10**9
        settle(self)

    put(FormSettlement, settle=without_a_most)


@fault(CRAWL)
def forms_tried_by_anyone() -> None:
    """Whoever has signed in may try out forms, whatever they compute."""
    from amana.design.forms import views

    put(views, try_form=SimpleNamespace(require=lambda *_said: None))


@fault(
    "amana/design/mechanism/documents/tests/test_pathway_drawing.py"
    "::test_a_pathway_that_nobody_can_follow_is_listed_and_not_drawn"
)
def drawn_without_end() -> None:
    """A drawing may have any number of lines."""
    from amana.printing import layout

    put(layout, MOST=10**9)


NEARNESS = "amana/design/directory/tests/test_nearness.py"


@fault(f"{NEARNESS}::test_with_a_limit_nothing_farther_is_shown_but_what_surely_comes")
def who_visits_is_near_to_everyone() -> None:
    """A service that visits people is near wherever they are."""
    from amana.design.directory.matching import rules

    put(rules, find_coming=lambda directory, person, at: directory["comes_to_you"][at])


@fault(f"{DIRECTORY}/test_confirmation.py")
def stale_services_are_still_suggested() -> None:
    """A service that no one has confirmed for years is offered like any other."""
    from amana.design.directory.matching import MatchRule, rules

    def never(directory: Any, person: Any, at: Any) -> Any:
        return rules.build_empty_mask(at), rules.build_empty_mask(at)

    rules.RULES[MatchRule.OUTDATED] = never


@fault(f"{DIRECTORY}/test_verifying.py::test_all_right_confirms_the_service_once")
def link_is_never_used_up() -> None:
    """The link in a mailbox can be answered again and again."""
    from amana.design.directory.actions import verifying

    put(verifying, spend=lambda request: None)


@fault(
    f"{DIRECTORY}/test_verifying.py::test_what_changed_is_proposed_and_changes_nothing"
)
def proposal_changes_the_directory() -> None:
    """What is sent by the link is set at once, and no colleague reads it first."""
    from amana.design.directory import actions

    usual = actions.propose_changes

    def at_once(request: Any, **said: Any) -> Any:
        for name, value in said["values"].items():
            setattr(request.service, name, value)
        request.service.save()
        return usual(request, **said)

    put(actions, propose_changes=at_once)


@fault(f"{DIRECTORY}/test_history.py")
def import_overwrites_what_people_changed() -> None:
    """A file brings the old number back that a colleague has corrected."""
    from amana.design.directory import history

    put(history, drop_kept_fields=lambda service, values: dict(values))


@fault(f"{DIRECTORY}/test_history.py")
def history_keeps_the_address_of_a_safe_house() -> None:
    """Where a house was before it became secret is read in its history."""
    from amana.design.directory import history

    put(history, PLACE=frozenset())


@fault(f"{PUBLIC}/test_safe_places.py::test_no_page_says_more_than_one_bit_of_a_region")
def public_numbers_count_a_hidden_house() -> None:
    """The public directory counts hidden houses, and names none."""
    from amana.design.public_directory import listed

    put(listed, mask_listed=listed.mask_chosen)


@fault(f"{PUBLIC}/test_safe_places.py::test_two_small_regions_are_too_few_to_be_one")
def house_is_found_by_leaving_large_regions_out() -> None:
    """Two regions that are too small to be named are told of as the country."""
    from amana.design.public_directory import safe_places

    put(safe_places, LEAST_REGIONS=1)


@fault(
    f"{PUBLIC}/test_safe_places.py"
    "::test_whom_one_asks_and_what_may_be_named_follows_from_what_is_listed"
)
def whom_to_ask_says_who_runs_the_house() -> None:
    """One is asked to call the organisation that has a hidden house."""
    from amana.design.public_directory import safe_places
    from amana.design.public_directory.listed import mask_chosen

    find = safe_places.find_whom_to_ask
    put(
        safe_places,
        find_whom_to_ask=lambda catalogue, listed, key: find(
            catalogue, mask_chosen(catalogue), key
        ),
    )


@fault(
    f"{PUBLIC}/test_public_pages.py::test_each_page_is_open_light_and_leaves_nothing"
)
def public_page_sets_a_cookie() -> None:
    """A page for who looks for help asks for the key of a form."""
    from django.middleware.csrf import get_token

    from amana.design.public_directory import views

    around = views.around
    put(
        views,
        around=lambda request, query: get_token(request) and around(request, query),
    )


@fault("amana/design/directory/tests/test_folding.py")
def arabic_letters_are_compared_as_written() -> None:
    """A search tells ا from أ and ه from ة."""
    from amana.design.directory import folding

    put(folding, fold_letters=str.casefold)
