"""Faults of files that others send, and of what arrives."""

from typing import Any

from .registry import fault, put

IMPORTS = "amana/exchange/imports/tests/test_actions.py"


@fault(IMPORTS)
def import_row_keeps_secret_address() -> None:
    """A place that is secret by now still has its street in the rows of an import."""
    from amana.exchange.imports import actions

    put(actions, forget_addresses=lambda services: None)


@fault(IMPORTS)
def file_brings_secret_address() -> None:
    """A file that names the street of a secret place leaves it in its rows."""
    from amana.exchange.imports import actions

    put(actions, remove_location=dict, find_hidden_ids=lambda origin, ids: set())


@fault(IMPORTS)
def lost_part_keeps_its_address() -> None:
    """What became no service is kept whole, its address with it."""
    from amana.exchange.imports import actions

    put(actions, reduce_to_name=lambda found: found)


BACKGROUND = "amana/exchange/imports/tests/test_background.py"
NAMES = "amana/exchange/imports/tests/test_names.py"
AGAIN = "amana/exchange/imports/tests/test_export_again.py"
UNDOING = "amana/exchange/imports/tests/test_undoing.py"


@fault(f"{BACKGROUND}::test_a_step_that_was_overtaken_stores_nothing")
def import_stores_what_was_overtaken() -> None:
    """A step that seemed dead wakes up, and writes over what came since."""
    from amana.exchange.imports import actions

    put(actions, end_turn=lambda brought: None)


@fault(f"{BACKGROUND}::test_what_fails_each_time_is_not_tried_for_ever")
def import_is_tried_for_ever() -> None:
    """What kills a task does so every five minutes."""
    from amana.exchange.imports.actions import background

    put(background, MOST_TRIES=1_000_000)


@fault(f"{UNDOING}::test_it_refuses_where_somebody_changed_or_used_a_service")
def undoing_looks_at_nothing() -> None:
    """An import is undone over what people have changed since."""
    from amana.exchange.imports.actions import undoing
    from amana.exchange.imports.undo_obstacles import UndoObstacles

    put(undoing, find_obstacles=lambda brought: UndoObstacles())


@fault(f"{UNDOING}::test_undoing_removes_the_organisations_and_teams_that_it_added")
def undoing_keeps_organisations() -> None:
    """Undone imports leave their organisations behind."""
    from amana.exchange.imports import actions

    put(actions, remove_organisations=lambda brought: None)


@fault(f"{UNDOING}::test_a_mended_row_stays_as_it_was_mended")
def same_file_turns_back() -> None:
    """The next file turns back what a person has mended."""
    from amana.exchange.imports import actions

    put(actions, list_mended_fields=lambda row: [])


@fault(f"{NAMES}::test_a_name_that_is_similar_waits_for_a_person")
def similar_names_are_new_ones() -> None:
    """An accent makes a second organisation."""
    from amana.exchange.imports.actions import recognising_names

    put(recognising_names, ALIKE=101)


@fault(f"{AGAIN}::test_what_is_exported_is_the_same_after_it_was_imported")
def export_opens_a_hidden_house() -> None:
    """What is hidden here is in the open where the export is imported."""
    from amana.exchange.hsds import writing

    put(writing, SWITCHES=tuple(n for n in writing.SWITCHES if n != "hidden"))


@fault(f"{AGAIN}::test_what_is_exported_is_the_same_after_it_was_imported")
def export_shortens_the_week() -> None:
    """Around the clock becomes one Monday."""
    from amana.exchange.hsds.reading import hsds_services

    put(hsds_services, join_days=sorted)


@fault("amana/exchange/hsds/tests/test_round_trip.py")
def export_counts_a_safe_house() -> None:
    """Whoever fetches the directory each minute sees when someone came."""
    from amana.exchange.hsds import writing

    capacities_of = writing.build_capacities

    def all_of(service: Any) -> Any:
        service.hidden = False
        return capacities_of(service)

    put(writing, build_capacities=all_of)


CONFINED = "amana/confined/tests/test_confined.py"


@fault(f"{CONFINED}::test_what_is_too_much_comes_back_as_a_sentence")
def foreign_work_takes_what_it_likes() -> None:
    """The process that reads a foreign file has ten times the memory it should."""
    import amana.confined as confined

    answer_of = confined.ask_process

    def more(work: str, content: bytes, limits: Any, language: str) -> bytes:
        wide = confined.Limits(limits.memory * 10, limits.seconds, limits.answer)
        return answer_of(work, content, wide, language)

    put(confined, ask_process=more)


@fault(f"{CONFINED}::test_two_at_a_time_and_one_for_each_person")
def foreign_work_waits_for_nobody() -> None:
    """As many foreign files are read at a time as are sent."""
    import amana.confined as confined

    put(confined, AT_ONCE=100)


@fault(f"{CONFINED}::test_nothing_is_read_inside_a_transaction")
def files_are_read_while_the_lock_is_held() -> None:
    """What others sent is read wherever it is asked for."""
    import amana.confined as confined

    put(confined, require_no_transaction=lambda: None)


@fault(f"{CONFINED}::test_an_answer_of_a_hostile_process_holds_up_no_worker")
def foreign_answers_are_read_at_once() -> None:
    """A line of an answer is read however long it is, and whatever is in it."""
    from amana import answers

    put(answers, LONGEST=1 << 30, MOST_VALUES=1 << 30)


@fault("amana/exchange/hsds/tests/test_bombs.py::test_all_tables_together_have_a_most")
def unpacked_without_end() -> None:
    """A table is unpacked as far as it goes."""
    from amana.exchange.hsds import tables

    put(tables, read_bounded=lambda package, entry, left: package.read(entry))


@fault("amana/exchange/hsds/tests/test_web_pages.py")
def script_for_a_web_page() -> None:
    """An import brings a link that is a script."""
    from amana.exchange.hsds import reading

    put(reading, is_web_address=bool)


ARRIVING = "tests/reliability/test_arriving.py"


@fault(ARRIVING)
def half_a_form_is_taken_for_a_whole() -> None:
    """A page begins with what has arrived so far; the browser is gone since."""
    from amana import arriving

    put(arriving, has_body=lambda headers: False)


@fault(ARRIVING)
def what_arrives_has_no_most() -> None:
    """Whoever sends enough at once fills the memory of the server."""
    from amana import arriving

    put(arriving.Arrivals, _count=lambda self, body: None)


@fault("tests/reliability/test_joining.py")
def each_line_waits_by_itself() -> None:
    """Four people who read a long table on slow telephones stop every page."""
    from amana import asgi

    put(asgi, join_pieces=iter)


PLACES = "amana/exchange/imports/tests/test_places.py"


@fault(f"{PLACES}::test_coordinates_that_seem_turned_wait_until_a_person_decides")
def coordinates_turn_by_themselves() -> None:
    """Coordinates that look swapped are moved before a person has decided."""
    from amana.exchange.imports.actions import placing_rows

    put(placing_rows, decide_turn=lambda placing, turned, written, decisions: turned.at)


@fault(f"{PLACES}::test_coverage_that_is_not_known_is_asked_and_not_everywhere")
def unknown_coverage_is_everywhere() -> None:
    """Where a service covers an area that we don't know, it covers everything."""
    from amana.exchange.imports.actions import placing_rows

    put(placing_rows, find_coverage=lambda placing: ([], ""))


@fault("amana/exchange/areas/tests/test_actions.py")
def faulty_areas_are_loaded() -> None:
    """What is wrong with a file of areas is found, and it is loaded all the same."""
    from amana.design.directory import area_files

    put(area_files, check_records=lambda records, known: iter(()))
