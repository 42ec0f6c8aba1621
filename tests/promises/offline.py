"""What we promise: without a network."""

from .promise import Promise

PACKS = "amana/care/packs/tests/test_packs.py"
PACK_JOURNEY = "tests/journeys/offline/test_pack.py"

PROMISES = (
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
)
