"""Whose key opens what: a person's secret → person → team → everything else."""

from amana.trust.vault.keys.keyring import (
    Keyring,
    Locked,
    WrongSecret,
    compute_digits,
    get_keyring,
    require_own,
    set_keyring,
)
from amana.trust.vault.keys.person_keys import (
    derive_secret_key,
    get_current_cost,
    make_person_key,
    open_nothing,
    unlock,
    unlock_wrap,
    wrap_person_key,
)
from amana.trust.vault.keys.team_key_wraps import (
    admit,
    assign_holder,
    build_no_key_refusal,
    find_current_keys,
    find_recovery_key,
    get_current_key,
    get_current_keys,
    make_team_key,
    open_with_recovery,
    seal_held,
    seal_to_recovery,
    share_team_key,
)

# --- a person's keyring, at hand for as long as the request lasts


# --- a person's secrets


# --- a team's key


__all__ = [
    "Keyring",
    "Locked",
    "WrongSecret",
    "admit",
    "assign_holder",
    "build_no_key_refusal",
    "compute_digits",
    "derive_secret_key",
    "find_current_keys",
    "find_recovery_key",
    "get_current_cost",
    "get_current_key",
    "get_current_keys",
    "get_keyring",
    "make_person_key",
    "make_team_key",
    "open_nothing",
    "open_with_recovery",
    "require_own",
    "seal_held",
    "seal_to_recovery",
    "set_keyring",
    "share_team_key",
    "unlock",
    "unlock_wrap",
    "wrap_person_key",
]
