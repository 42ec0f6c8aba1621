"""What we promise: consent, and the person."""

from .promise import Promise

CLOSURE = "tests/properties/test_closure.py"
ALTERED = "tests/properties/test_altered_database.py"
TRACES = "tests/architecture/test_traces.py"
CONSENT = "amana/care/consent/tests"
REFERRALS = "amana/care/referrals/tests"
REQUESTS = "amana/care/requests/tests"
WITNESS = "amana/trust/witness/tests"

PROMISES = (
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
        (f"{REFERRALS}/test_sending.py", f"{CONSENT}/test_destruction.py"),
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
            *(f"{CONSENT}/test_{what}.py" for what in ("guardians", "sealed")),
            f"{REQUESTS}/test_guardians.py",
        ),
        (
            "suspected_guardian_agrees",
            "a_suspected_guardian_goes_on_agreeing",
            "a_suspected_guardian_s_word_is_waited_on",
            "suspected_guardian_s_earlier_word_not_found",
            "answer_believed_unsigned",
        ),
    ),
)
