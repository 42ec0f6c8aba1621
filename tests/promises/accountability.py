"""What we promise: who is accountable."""

from .promise import Promise

CLOSURE = "tests/properties/test_closure.py"
AUDIT = "amana/trust/audit/tests"
VAULT = "amana/trust/vault/tests"
CASES = "amana/care/cases/tests"
EMERGENCY = "amana/care/emergency_access/tests"
EXPORTS = "amana/trust/exports/tests/test_exports.py"
WITNESS = "amana/trust/witness/tests"
CRAWL = "tests/properties/test_crawl.py"

PROMISES = (
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
            f"{AUDIT}/test_{file}.py" for file in ("verifying", "checking", "guards")
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
            *(
                f"{WITNESS}/test_{what}.py"
                for what in ("witness_for_others", "enough_witnesses", "device")
            ),
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
        (
            CLOSURE,
            *(f"{CASES}/test_{what}.py" for what in ("case_page", "list_pages")),
            CRAWL,
        ),
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
        (f"{EMERGENCY}/test_opening.py", f"{EMERGENCY}/test_reviewing.py"),
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
)
