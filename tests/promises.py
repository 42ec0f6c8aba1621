"""What we promise, which test shows each promise, and which planted fault it caught.

    python -m tests.promises            print the list
    python -m tests.promises --write    write docs/security/promises.md

A promise is kept by a test that names it, e.g. "(P05)", in its own docstring or in that
of its module, and that has caught a fault of tests/mutants/faults.py. What is not kept
yet, or not wholly, says so, and in which piece of work it will be.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.faults import FAULTS

PAGE = Path(__file__).resolve().parents[1] / "docs/security/promises.md"

FIGURES = "Figures that are true"
RUN = "It can be run"


@dataclass(frozen=True)
class Promise:
    id: str
    says: str
    tests: tuple[str, ...] = ()
    """Files, or tests as `file::test`."""
    faults: tuple[str, ...] = ()
    """Names of planted faults that these tests have caught."""
    later: str = ""
    """What is still open, and the subject of the work that brings it."""


CLOSURE = "tests/properties/test_closure.py"
KILLED = "tests/reliability/test_kill.py"
BACKUP = "tests/reliability/test_backup.py"
COPIES = "amana/trust/backup/tests/test_copies.py"
MOMENTS = "tests/reliability/test_moments.py"
INTERRUPTED = "tests/reliability/test_interrupted.py"
HALF = "test_nobody_works_with_a_database_that_is_restored_by_half"
SERVERS = "tests/reliability/test_two_servers.py"
GOES_ON = "test_where_one_is_killed_the_other_has_all_that_was_acknowledged"
ALTERED = "tests/properties/test_altered_database.py"
TRACES = "tests/architecture/test_traces.py"
ACCESS = "amana/trust/access/tests"
AUDIT = "amana/trust/audit/tests"
VAULT = "amana/trust/vault/tests"
RETENTION = "amana/trust/retention/tests"
RECOVERY = "amana/trust/recovery/tests"
CASES = "amana/care/cases/tests"
CONSENT = "amana/care/consent/tests"
REFERRALS = "amana/care/referrals/tests"
REQUESTS = "amana/care/requests/tests"
MEETINGS = "amana/care/meetings/tests"
EMERGENCY = "amana/care/emergency_access/tests/test_emergency_access.py"
EXPORTS = "amana/trust/exports/tests/test_exports.py"
WITNESS = "amana/trust/witness/tests"
CRAWL = "tests/properties/test_crawl.py"
PACKS = "amana/care/packs/tests/test_packs.py"
PACK_JOURNEY = "tests/journeys/test_offline_pack.py"
UI = "amana/ui/tests"

GROUPS: dict[str, tuple[Promise, ...]] = {
    "Who can read": (
        Promise(
            "P01",
            "Who steals the database, the disk and the server’s secret opens no word "
            "of a person’s case without a colleague’s passphrase; and the manual "
            "says, column by column, what is not sealed.",
            (
                *(CLOSURE, f"{VAULT}/test_keys.py"),
                *(
                    "tests/architecture/test_stolen_disk.py",
                    f"{CONSENT}/test_sealed.py",
                ),
            ),
            (
                *("words_in_a_temporary_file", "no_pepper", "clear_column_unsaid"),
                *("need_kind_in_the_log", "who_answered_in_the_log"),
                "size_tells_of_a_child",
                *("size_tells_of_the_law", "signed_hash_of_the_text_alone"),
            ),
        ),
        Promise(
            "P02",
            "Who has the database and one colleague’s passphrase opens what this "
            "colleague may read, and nothing else.",
            (CLOSURE,),
            ("restricted_and_still_the_teams", "erased_in_part"),
        ),
        Promise(
            "P03",
            "Administrators, and those who run the server or the database, open no "
            "case: not by their role, and not by putting a key or a row of their own "
            "in the place of a colleague’s or a team’s.",
            (
                *(CLOSURE, f"{VAULT}/test_roster.py"),
                *(f"{VAULT}/test_{room}.py" for room in ("leaving", "documents")),
                *(f"{VAULT}/test_{room}.py" for room in ("cards", "disclosures")),
            ),
            (
                *("administrators_hold_keys", "exchanged_key_believed"),
                *("exchanged_key_gets_a_kept_case", "exchanged_key_gets_the_card"),
                *("exchanged_key_gets_what_is_shared", "wrap_slipped_in"),
                *("roster_unsigned", "let_in_by_one", "roster_cut_back"),
            ),
        ),
        Promise(
            "P04",
            "A recipient reads the fields that the person agreed to, as they were "
            "read out, and no other: on a page, on paper, in a file, a search or a "
            "mail.",
            (
                *(CLOSURE, f"{REFERRALS}/test_told.py"),
                f"{CONSENT}/test_ledger_machine.py",
            ),
            (
                *("extra_field_disclosed", "told_and_not_read_aloud"),
                *("read_aloud_and_not_told", "note_along_unheard_of"),
            ),
        ),
        Promise(
            "P05",
            "When consent is withdrawn or its time is over, the recipient’s next "
            "click opens nothing, and the keys to what was shared are gone.",
            (
                *(CLOSURE, f"{VAULT}/test_disclosures.py"),
                f"{CONSENT}/test_ledger_machine.py",
            ),
            ("kept_disclosure", "expiry_ignored", "expired_and_still_opened"),
        ),
        Promise(
            "P06",
            "Sealed words that are moved to another case, field, recipient or consent "
            "open nowhere; and an older record or consent that is put back in the "
            "database is named and not obeyed.",
            (
                *(f"{VAULT}/test_documents.py", f"{VAULT}/test_disclosures.py"),
                ALTERED,
            ),
            (
                *("bound_to_nothing", "record_not_compared", "missing_key_not_named"),
                *("link_not_hashed", "map_not_in_the_log", "nobody_is_told_of_it"),
            ),
        ),
        Promise(
            "P07",
            "The police are never sent what concerns a person’s safety, health, "
            "account or migration, and border and immigration offices are sent "
            "nothing, whatever anyone agrees to or sets. What kind of office it is, "
            "two other organisations say.",
            (
                *(CLOSURE, f"{VAULT}/test_disclosures.py", f"{VAULT}/test_spheres.py"),
                *(f"{REFERRALS}/test_told.py", f"{CONSENT}/test_ledger_machine.py"),
                "tests/properties/test_altered_database.py"
                "::test_what_a_row_says_of_a_need_lets_nobody_hear_of_it",
            ),
            (
                *("no_ceiling", "need_beyond_the_sphere", "sphere_of_a_row"),
                "ceiling_by_the_row",
                *("sphere_by_one_office", "consents_outlive_the_sphere"),
            ),
        ),
        Promise(
            "P08",
            "Who asks whether a person is known elsewhere learns nothing when the "
            "answer is no, and to everyone else a yes and a no look alike.",
            ("amana/care/known_elsewhere/tests/test_known_elsewhere.py",),
            (
                *("hit_told_at_once", "hit_in_the_log", "size_tells_a_hit"),
                *("whole_house_sees_a_hit", "names_tried_without_end"),
                *("answer_in_the_log", "answer_keeps_its_form"),
            ),
        ),
        Promise(
            "P09",
            "Who has left opens nothing that is written afterwards, with whatever "
            "keys they kept; nor does who stole a colleague’s keys, once they are "
            "renewed.",
            (CLOSURE, f"{VAULT}/test_admission.py"),
            (
                *("not_rekeyed", "written_under_the_old_key"),
                *("letters_under_the_old_key", "thief_reads_on"),
            ),
        ),
        Promise(
            "P10",
            "No word of a case lies in the clear in the log, a mail, a task, a "
            "session, a temporary file or the database.",
            (CLOSURE,),
            ("words_in_the_log", "words_in_the_log_file", "words_in_a_temporary_file"),
        ),
        Promise(
            "P11",
            "What is unfinished on a phone opens by its worker’s passphrase alone: "
            "nothing that lies on the phone opens it.",
            ("tests/journeys/test_screening_offline.py",),
            ("draft_lies_open",),
        ),
        Promise(
            "P12",
            "No published figure, and no difference between two of them, tells of "
            "fewer than ten people.",
            later=f"{FIGURES}: what is published is judged there as a whole.",
        ),
    ),
    "Who is accountable": (
        Promise(
            "P13",
            "What can’t be logged isn’t shown: without its line in the log no sealed "
            "word opens.",
            (CLOSURE, f"{VAULT}/test_documents.py", f"{VAULT}/test_cards.py"),
            (
                *("skipped_audit", "read_though_the_log_failed"),
                "search_is_shown_before_its_row",
            ),
        ),
        Promise(
            "P14",
            "A line of the log that was changed, removed, moved or slipped in is "
            "found, also without our server, and the first one is named.",
            tuple(
                f"{AUDIT}/test_{file}.py"
                for file in ("verifying", "checking", "guards")
            ),
            (
                *("verifier_believes_the_hashes", "log_can_be_changed"),
                *("check_goes_on_from_any_tree", "check_believes_the_log"),
            ),
        ),
        Promise(
            "P15",
            "A log that was cut back, or that shows different people different pasts, "
            "is refused by its witnesses, by a file outside the database and by each "
            "colleague’s device.",
            (
                f"{AUDIT}/test_anchor.py",
                *(f"{WITNESS}/test_{what}.py" for what in ("witnesses", "device")),
                f"{WITNESS}/test_restorations.py",
            ),
            (
                *("fork_cosigned", "cut_log_cosigned", "one_witness_counts_twice"),
                *("anchor_not_compared", "device_not_asked", "restoration_by_one"),
            ),
        ),
        Promise(
            "P16",
            "Every look, search and file taken along is in the log with its purpose, "
            "and so is every attempt that was turned away, whatever the address.",
            (CLOSURE, f"{CASES}/test_views.py", CRAWL),
            ("skipped_audit", "search_not_logged", "turned_away_unseen"),
        ),
        Promise(
            "P17",
            "A person’s access list holds everything that the log knows of their "
            "case: each act, each look, each export, each list and search that showed "
            "them.",
            (
                *(f"{VAULT}/test_cards.py", EXPORTS),
                "amana/trust/oversight/tests/test_views.py",
            ),
            ("access_list_without_searches", "export_unseen_by_the_person"),
        ),
        Promise(
            "P18",
            "A case opened in an emergency needs a reason, is told to the team and "
            "beyond it at once, closes after a day, and is reviewed by someone else.",
            (EMERGENCY,),
            (
                *("emergency_tells_the_team_alone", "emergency_opens_other_teams"),
                "emergency_lasts_until_a_timer_runs",
                "emergency_is_reviewed_by_its_own",
            ),
        ),
        Promise(
            "P19",
            "What is taken out of the house needs a reason, stays within a limit, "
            "needs a second person above 25 people a day, and says on each page who "
            "took it when.",
            (EXPORTS,),
            (
                *("large_export_by_one", "large_export_in_pieces"),
                *("export_approved_by_a_teammate", "export_without_its_number"),
            ),
        ),
    ),
    "Consent, and the person": (
        Promise(
            "P20",
            "Nothing is shared without the person’s living yes. Where a life is in "
            "danger, a legal basis of its own takes its place, which a second person "
            "confirms or stops. No switch turns this off, nor does a row in the "
            "database.",
            (
                *(CLOSURE, f"{REFERRALS}/test_vital.py"),
                *(f"{CONSENT}/test_ledger_machine.py", ALTERED),
            ),
            (
                *("withdrawn_consent_still_shares", "alone_in_vital_interest"),
                *("vital_interest_against_her_no", "withdrawal_not_signed"),
            ),
        ),
        Promise(
            "P21",
            "Who says no, or takes back a yes, loses nothing else: the same help is "
            "offered as before.",
            (
                f"{REFERRALS}/test_choosing.py::"
                "test_a_no_to_one_house_takes_nothing_else_away",
            ),
            ("one_no_counts_for_all",),
        ),
        Promise(
            "P22",
            "Amana writes to no person who is helped. What it mails to colleagues and "
            "services says nothing about anyone who is.",
            (f"{REFERRALS}/test_actions.py", f"{CONSENT}/test_actions.py"),
            ("mail_says_what_it_is_about",),
        ),
        Promise(
            "P23",
            "One press leaves a page for people at once, leads to a harmless site, "
            "and leaves behind neither cookies nor a way back.",
            (TRACES, "tests/journeys/test_components.py"),
            ("nothing_forgotten_on_leaving",),
        ),
        Promise(
            "P24",
            "Pages for people work without JavaScript, ask no other site for "
            "anything, and keep nothing on the device when the window closes.",
            (
                *(TRACES, "tests/journeys/test_components.py"),
                *("amana/home/tests/test_front.py", f"{WITNESS}/test_device.py"),
                "amana/insight/feedback/tests/test_views.py",
            ),
            ("year_old_cookie", "cookie_on_pages_for_people"),
        ),
        Promise(
            "P25",
            "For a child a guardian agrees and the child too. A guardian under "
            "suspicion agrees to nothing, and what they agreed to before is looked at "
            "again.",
            (
                *(f"{CONSENT}/test_{room}.py" for room in ("actions", "sealed")),
                f"{REQUESTS}/test_actions.py",
            ),
            (
                "suspected_guardian_agrees",
                "a_suspected_guardian_goes_on_agreeing",
                "a_suspected_guardian_s_word_is_waited_on",
                "suspected_guardian_s_earlier_word_not_found",
                "answer_believed_unsigned",
            ),
        ),
    ),
    "From beginning to end": (
        Promise(
            "P26",
            "Each night what its time is over for is erased, unless two people hold "
            "it for a reason; and nothing else is.",
            (
                "tests/properties/test_thirty_years.py",
                *(f"{RETENTION}/test_{file}.py" for file in ("erasing", "two_people")),
            ),
            ("erased_a_day_early", "row_alone_destroys", "hold_overlooked"),
        ),
        Promise(
            "P27",
            "What was erased stays erased: no backup, of whatever age, brings it back.",
            (
                *(BACKUP, f"{INTERRUPTED}::{HALF}", f"{RETENTION}/test_erasing.py"),
                *(COPIES, MOMENTS),
            ),
            (
                *("restored_without_the_list", "restored_copy_opens"),
                "list_comes_after_the_database",
                *("keys_beside_what_they_open", "tombstones_keep_a_shredded_case"),
                *("moments_kept_too_long", "changes_outlive_their_copy"),
            ),
        ),
        Promise(
            "P28",
            "When a team that had set up a recovery key has lost all its keys, any "
            "three of five other organisations bring back what the team’s key opens, "
            "and two can’t.",
            (
                f"{RECOVERY}/test_shamir.py",
                f"{RECOVERY}/test_recovery.py",
            ),
            (
                *("two_shares_suffice", "any_share_is_taken", "one_word_regains"),
                *("custodian_of_the_own_organisation", "renewed_key_not_recovered"),
                *("recovery_key_of_a_row", "released_to_whom_a_row_names"),
                *("roster_believes_any_custodians", "shares_outlive_the_recovery"),
                *("custodians_never_hear", "second_person_told_as_another"),
                "drill_without_paper",
            ),
        ),
        Promise(
            "P29",
            "The key of a team and the server’s secret can be changed while people "
            "work, and what was sealed before still opens.",
            (f"{VAULT}/test_keys.py", f"{VAULT}/test_leaving.py"),
            ("new_pepper_shuts_out", "old_work_lost_with_the_old_key"),
            later=f"{RUN}: the same for the log’s key and the server’s certificate, "
            "which are changed by hand today.",
        ),
    ),
    "Coming in": (
        Promise(
            "P30",
            "No colleague comes in by a passphrase alone: there is always a second "
            "factor.",
            (f"{VAULT}/test_sign_in.py",),
            ("second_factor_skipped",),
        ),
        Promise(
            "P31",
            "A screen left alone locks after ten minutes, a session ends after twelve "
            "hours, and all of someone’s sessions end the moment they are suspended.",
            (f"{VAULT}/test_session.py", f"{ACCESS}/test_suspending.py"),
            ("left_unlocked", "session_without_end", "suspended_and_still_in"),
        ),
        Promise(
            "P32",
            "Limits on tries count for all processes of the server together.",
            (f"{ACCESS}/test_limits.py",),
            ("each_process_counts_alone",),
        ),
        Promise(
            "P33",
            "Who types an address that isn’t theirs is turned away on every page, and "
            "learns nothing of what is there.",
            (CLOSURE, f"{CASES}/test_views.py", CRAWL),
            ("address_opens_any_case", "stale_rule_in_a_list"),
        ),
        Promise(
            "P34",
            "No page runs a script or takes a style that stands in it, and what a "
            "browser blocks in one of our own pages fails a test. A drawing of a "
            "course, shown by itself, has styles and no script.",
            (f"{UI}/test_shell.py", "tests/journeys/test_components.py"),
            ("inline_scripts_run",),
        ),
        Promise(
            "P35",
            "Harmful files are refused; and what is shown of a file says nothing of "
            "its place, camera or author, and runs nothing.",
            (f"{CASES}/test_files.py",),
            ("harm_let_in", "picture_tells_the_place"),
        ),
    ),
    "When something fails": (
        Promise(
            "P36",
            "What was acknowledged is there afterwards, though the process was killed "
            "or the power went.",
            (KILLED, INTERRUPTED, f"{SERVERS}::{GOES_ON}"),
            ("commit_does_not_wait_for_the_disk", "codes_are_made_once"),
            later=f"{RUN}: for the power, the test sees that a commit waits for the "
            "disk.",
        ),
        Promise(
            "P37",
            "The same form has one effect, however often and in whatever order it "
            "arrives.",
            (f"{UI}/test_once.py", f"{MEETINGS}/test_screenings.py"),
            ("each_arrival_counts", "screening_made_twice"),
        ),
        Promise(
            "P38",
            "Of two who change the same, the second is shown both versions; neither "
            "is lost.",
            (f"{VAULT}/test_documents.py", f"{CASES}/test_views.py"),
            ("last_writer_wins",),
        ),
        Promise(
            "P39",
            "A full disk is said plainly, what was acknowledged stays, and work goes "
            "on when there is room again.",
            (KILLED, INTERRUPTED, f"{UI}/test_outages.py"),
            ("full_disk_is_any_error", "full_disk_is_a_page_of_code"),
        ),
        Promise(
            "P40",
            "A task that fails holds up no other, is kept without a word of what it "
            "was about, and can be run again.",
            (
                "amana/trust/operation/tests/test_tasks.py",
                "amana/trust/alarms/tests/test_clockwork.py",
                "tests/architecture/test_tasks.py",
            ),
            (
                *("task_may_hang", "failed_task_keeps_words", "killed_task_is_lost"),
                *("failed_task_forgotten", "failing_timer_stops_others"),
                *("timer_may_hang", "missed_night_is_skipped"),
            ),
        ),
        Promise(
            "P41",
            "A clock that jumps destroys nothing and ends nothing: what looks expired "
            "stays closed, and is kept, until a person has confirmed the time.",
            (
                f"{VAULT}/test_heartbeat.py",
                *(
                    "tests/architecture/test_timers.py",
                    f"{REFERRALS}/test_escalation.py",
                ),
            ),
            (
                *("clock_believed_after_a_jump", "clock_believed_step_by_step"),
                "expires_by_doubted_clock",
            ),
        ),
        Promise(
            "P42",
            "On an empty machine everything is back from the backups within half an "
            "hour, for 100,000 cases.",
            later=f"{RUN}: restoring is tried in each test run, and timed there at "
            "full size.",
        ),
        Promise(
            "P43",
            "A new version is installed while people work, and at most five seconds "
            "are lost.",
            later=f"{RUN}: measured together with the work on size.",
        ),
    ),
    "Without a network": (
        Promise(
            "P44",
            "What a worker takes along is at most 20 cases, sealed on the device, for "
            "at most 72 hours.",
            (PACKS, PACK_JOURNEY),
            ("pack_of_any_size", "pack_for_a_week", "pack_lies_open"),
        ),
        Promise(
            "P45",
            "Ten wrong tries wipe the pack.",
            (PACK_JOURNEY,),
            ("pack_counts_no_tries",),
        ),
        Promise(
            "P46",
            "A pack that was revoked, or whose worker may no longer see one of its "
            "cases, is wiped within five seconds of the next contact.",
            (PACKS, PACK_JOURNEY),
            (
                *("pack_hears_and_stays", "revoked_pack_stays"),
                "pack_of_who_was_suspended_stays",
            ),
        ),
        Promise(
            "P47",
            "A phrase for duress wipes the pack, and at the next contact tells those "
            "who lead the team and the data-protection officers; who forces the "
            "worker sees nothing of it.",
            (PACKS, PACK_JOURNEY),
            ("duress_tells_nobody", "duress_slows_the_account"),
        ),
    ),
}

PROMISES = tuple(promise for group in GROUPS.values() for promise in group)


# --- the page


def page() -> str:
    return "\n".join([*head(), *groups(), *still_open()]) + "\n"


def head() -> list[str]:
    kept = sum(bool(promise.faults) for promise in PROMISES)
    return [
        "# What we promise",
        "",
        f"{len(PROMISES)} promises. One is kept when an automated test shows it, and "
        "that test has caught a fault that was planted on purpose: its name stands "
        "beside the test, and `./run mutants NAME` plants it again. For "
        f"{kept} there is such a test; what is open stands at the end.",
        "",
        "Who can still do what, in spite of it: [threat model](threat-model.md).",
        "",
        "`./run promises` prints this list; `./run promises --write` writes this page.",
        "",
    ]


def groups() -> Iterator[str]:
    for name, promises in GROUPS.items():
        yield from [f"## {name}", ""]
        yield from ["| | We promise | Tests | Planted faults |", "|---|---|---|---|"]
        for promise in promises:
            cells = (promise.id, promise.says, *map(codes, shown(promise)))
            yield f"| {' | '.join(cells)} |"
        yield ""


def still_open() -> Iterator[str]:
    yield from ["## What is open", ""]
    yield "Each with the subject of the work that brings it."
    yield ""
    for promise in PROMISES:
        if promise.later:
            part = "in part" if promise.faults else "not kept yet"
            yield f"* {promise.id}, {part}. {promise.later}"


def shown(promise: Promise) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return promise.tests, promise.faults


def codes(names: tuple[str, ...]) -> str:
    return "<br>".join(f"`{name}`" for name in names) or "open"


# --- the list


def lines() -> Iterator[str]:
    for promise in PROMISES:
        yield f"{promise.id}  {promise.says}"
        yield from (f"     test   {test}" for test in promise.tests)
        for name in promise.faults:
            yield f"     fault  {name}: {FAULTS[name].says}"
        if promise.later:
            yield f"     open   {promise.later}"


def main(words: list[str]) -> int:
    if words == ["--write"]:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page())
    elif words:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    else:
        sys.stdout.write("\n".join(lines()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
