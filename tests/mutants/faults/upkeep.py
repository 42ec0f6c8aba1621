"""Faults of measures, how-tos and benchmarks."""

from typing import Any

from .registry import fault, put


@fault("tests/architecture/test_asvs.py")
def evidence_gone() -> None:
    """A test is renamed, and the list of the standard still names it."""
    from tests.architecture import code

    before = code.functions

    def functions(within: Any) -> Any:
        gone = "test_twelve_hours_end_even_a_busy_session"
        return (found for found in before(within) if found.name != gone)

    put(code, functions=functions)


MEASURES = "tests/architecture/test_measures.py"


@fault(f"{MEASURES}::test_what_became_worse_is_reported_and_what_became_better_is_kept")
def baseline_holds_nothing() -> None:
    """A change that falls behind the baseline passes."""
    from tools.measures import Result

    put(Result, is_worse=False)


@fault(f"{MEASURES}::test_words_are_known_by_their_inflections")
def words_in_one_form_alone() -> None:
    """A word to avoid passes in any other form than the first."""
    from tools.measuring.texts import AvoidedWords

    put(AvoidedWords, inflect=lambda self, word: [word.removesuffix("~")])


@fault(f"{MEASURES}::test_an_exception_keeps_what_it_names_and_no_more")
def exception_for_every_file() -> None:
    """What one file may say for a reason, every file may."""
    from tools import measures

    put(measures, is_exempt=lambda place, known: known["text"] in place.text)


PLANS = "tests/reliability/test_plans.py"


@fault(f"{PLANS}::test_a_question_that_no_index_answers_is_named", on_postgresql=True)
def whole_tables_are_missed() -> None:
    """The benchmark of plans overlooks what is read from one end to the other."""
    from benchmarks import plans

    put(plans.Scan, is_whole=lambda scan, tables, grown: False)


GUIDE = "tests/architecture/test_guide.py"


@fault(f"{GUIDE}::test_the_picture_is_drawn_from_the_contracts")
def picture_without_a_room() -> None:
    """ARCHITECTURE.md leaves out a room, and no one sees what may import it."""
    from tools import draw_house

    as_it_is = draw_house.read_layers
    put(draw_house, read_layers=lambda *words: list(as_it_is(*words))[:-1])


@fault("tests/how_to/test_pages.py::test_a_block_that_does_not_fit_is_named")
def how_to_that_fits_anywhere() -> None:
    """A how-to has aged, and its lines are put wherever they would fit."""
    from tests.how_to import pages

    put(pages, edit=lambda text, diff, of: text)
