"""What we promise: from beginning to end."""

from .promise import Promise

RUN = "It can be run"
BACKUP = "tests/reliability/test_backup.py"
COPIES = "amana/trust/backup/tests/test_copies.py"
MOMENTS = "tests/reliability/test_moments.py"
INTERRUPTED = "tests/reliability/test_interrupted.py"
HALF = "test_nobody_works_with_a_database_that_is_restored_by_half"
VAULT = "amana/trust/vault/tests"
RETENTION = "amana/trust/retention/tests"
RECOVERY = "amana/trust/recovery/tests"

PROMISES = (
    Promise(
        "P26",
        "Each night what its time is over for is erased, unless two people hold "
        "it for a reason; and nothing else is.",
        (
            "tests/properties/test_thirty_years.py",
            *(f"{RETENTION}/test_{file}.py" for file in ("due", "erasing")),
            f"{RETENTION}/two_people/test_holds.py",
            f"{RETENTION}/two_people/test_erasure_requests.py",
        ),
        ("erased_a_day_early", "row_alone_destroys", "hold_overlooked"),
    ),
    Promise(
        "P27",
        "What was erased stays erased: no backup, of whatever age, brings it back.",
        (
            *(BACKUP, f"{INTERRUPTED}::{HALF}"),
            *(f"{RETENTION}/test_{file}.py" for file in ("erased_list", "erasing")),
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
            *(
                f"{RECOVERY}/test_{what}.py"
                for what in ("shamir", "shares", "regaining")
            ),
            *(
                f"{RECOVERY}/test_{what}.py"
                for what in ("custodians", "drills", "altered")
            ),
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
)
