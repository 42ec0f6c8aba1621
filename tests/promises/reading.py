"""What we promise: who can read."""

from .promise import Promise

FIGURES = "Figures that are true"
CLOSURE = "tests/properties/test_closure.py"
ALTERED = "tests/properties/test_altered_database.py"
VAULT = "amana/trust/vault/tests"
CONSENT = "amana/care/consent/tests"
REFERRALS = "amana/care/referrals/tests"
KNOWN_ELSEWHERE = "amana/care/known_elsewhere/tests"

PROMISES = (
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
            *(
                CLOSURE,
                *(f"{VAULT}/roster/test_{f}.py" for f in ("altered", "two_words")),
            ),
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
        tuple(
            f"{KNOWN_ELSEWHERE}/test_{what}.py" for what in ("alike", "hits", "rules")
        ),
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
        (
            CLOSURE,
            *(f"{VAULT}/places/test_{what}.py" for what in ("leaving", "lost_secret")),
        ),
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
        (
            "tests/journeys/offline/test_screening.py",
            "tests/journeys/offline/test_drafts.py",
        ),
        ("draft_lies_open",),
    ),
    Promise(
        "P12",
        "No published figure, and no difference between two of them, tells of "
        "fewer than ten people.",
        later=f"{FIGURES}: what is published is judged there as a whole.",
    ),
)
