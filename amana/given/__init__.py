"""Records to test with and to fill the demo. What isn't asked for is made up."""

from typing import TYPE_CHECKING

from amana.given.learners import find_last_link, make_learner, sign_in_learner
from amana.given.people import (
    PASSPHRASE,
    confirm_export,
    end_membership,
    give_keys,
    join_team,
    make_case_keys,
    make_organisation,
    make_team,
    make_user,
    make_worker,
    reset_keys,
    set_founder,
    sign_in,
    unlock_user,
    vouch_for_organisation,
)
from amana.given.records import (
    SAFE_ANSWERS,
    make_area,
    make_case,
    make_consent,
    make_consents,
    make_referral,
    make_screening,
    make_service,
    make_sound,
    open_needs,
    pass_ten_minutes,
    store_facts,
)

if TYPE_CHECKING:
    pass

__all__ = [
    "PASSPHRASE",
    "SAFE_ANSWERS",
    "confirm_export",
    "end_membership",
    "find_last_link",
    "give_keys",
    "join_team",
    "make_area",
    "make_case",
    "make_case_keys",
    "make_consent",
    "make_consents",
    "make_learner",
    "make_organisation",
    "make_referral",
    "make_screening",
    "make_service",
    "make_sound",
    "make_team",
    "make_user",
    "make_worker",
    "open_needs",
    "pass_ten_minutes",
    "reset_keys",
    "set_founder",
    "sign_in",
    "sign_in_learner",
    "store_facts",
    "unlock_user",
    "vouch_for_organisation",
]
