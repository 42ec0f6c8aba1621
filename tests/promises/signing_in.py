"""What we promise: coming in."""

from .promise import Promise

CLOSURE = "tests/properties/test_closure.py"
ACCESS = "amana/trust/access/tests"
VAULT = "amana/trust/vault/tests"
CASES = "amana/care/cases/tests"
CRAWL = "tests/properties/test_crawl.py"
UI = "amana/ui/tests"

PROMISES = (
    Promise(
        "P30",
        "No colleague comes in by a passphrase alone: there is always a second factor.",
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
        (
            CLOSURE,
            *(f"{CASES}/test_{what}.py" for what in ("stranger_pages", "list_pages")),
            CRAWL,
        ),
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
)
