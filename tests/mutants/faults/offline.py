"""Faults of what a worker takes along, and of drafts on a phone."""

from .registry import alter_script, fault, put

PACKS = "amana/care/packs/tests/test_packs.py"


@fault(f"{PACKS}::test_a_pack_holds_20_cases_at_most")
def pack_of_any_size() -> None:
    """A whole caseload leaves on one telephone."""
    from amana.care.packs import pack_exports

    put(pack_exports, MOST_CASES=10_000)


@fault(f"{PACKS}::test_a_pack_opens_for_72_hours_at_most")
def pack_for_a_week() -> None:
    """A pack opens as long as its worker likes."""
    from amana.care.packs import actions

    put(actions, HOURS=range(10_000))


@fault(f"{PACKS}::test_a_revoked_pack_goes_at_the_next_contact")
def revoked_pack_stays() -> None:
    """A revoked pack may stay on the device."""
    from amana.care.packs.models import OfflinePack

    put(OfflinePack, is_live=True)


@fault(f"{PACKS}::test_a_pack_goes_with_the_case_the_place_or_the_account")
def pack_of_who_was_suspended_stays() -> None:
    """Who is kept out still has the cases on their telephone."""
    from amana.care.packs import actions

    put(actions, may_keep=lambda pack: pack.is_live)


@fault(f"{PACKS}::test_duress_tells_two_others_and_changes_nothing_that_is_seen")
def duress_slows_the_account() -> None:
    """Who forces a worker sees that the phrase has raised an alarm."""
    from amana.trust.alarms import actions

    put(actions, SILENT=frozenset())


@fault(f"{PACKS}::test_duress_tells_two_others_and_changes_nothing_that_is_seen")
def duress_tells_nobody() -> None:
    """A duress phrase deletes, and no one hears of it."""
    from amana.care.packs import actions

    put(actions, raise_alarm_once=lambda user, kind: None)


@fault("tests/journeys/offline/test_pack.py::test_ten_wrong_tries_wipe")
def pack_counts_no_tries() -> None:
    """A phrase may be guessed for as long as one likes."""
    alter_script("packs/pack.js", "if (row.tries >= TRIES)", "if (row.tries >= 1000)")


@fault(
    "tests/journeys/offline/test_pack.py::"
    "test_a_pack_is_read_without_a_network_and_nothing_lies_open"
)
def pack_lies_open() -> None:
    """The cases lie in the browser as they are read."""
    alter_script(
        "packs/pack.js",
        "await shelf.put({ id, sealed:",
        "await shelf.put({ id, content, sealed:",
    )


@fault(
    "tests/journeys/offline/test_pack.py::"
    "test_a_pack_ends_by_the_clock_and_opens_by_none_that_went_back"
)
def pack_opens_by_any_clock() -> None:
    """Who sets the clock back reads on."""
    alter_script("packs/pack.js", 'return "clock";', 'return "";')


@fault(
    "tests/journeys/offline/test_pack.py::"
    "test_a_revoked_pack_is_wiped_within_five_seconds_of_contact"
)
def pack_hears_and_stays() -> None:
    """The device is told that its pack was revoked, and keeps it."""
    alter_script("packs/pack.js", 'if (state === "gone") await pack.wipe();', "")


@fault(
    "tests/journeys/offline/test_drafts.py::"
    "test_what_is_unfinished_opens_by_the_passphrase_alone"
)
def draft_lies_open() -> None:
    """What is unfinished lies in the browser as it was typed."""
    alter_script(
        "vault/sealing.js",
        "const sealed = await sealTo(this.row.point, this.at(id), content);",
        "const sealed = encoder.encode(JSON.stringify(content));",
    )
