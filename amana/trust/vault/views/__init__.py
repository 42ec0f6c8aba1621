"""Unlocking; joining and being let in; leaving; and what to do about a lost secret."""

from amana.trust.vault.views.admissions import (
    admissions,
    confirm,
    end,
    lift,
    renew,
    renew_again,
    renew_now,
    suspend,
)
from amana.trust.vault.views.own_secrets import (
    change_passphrase,
    end_other_sessions,
    end_session,
    recover,
    recovery_code,
    start_again,
)
from amana.trust.vault.views.removals import (
    allow_removal,
    confirm_removal_,
    see_removal_,
    stop_removal_,
    try_removal,
)
from amana.trust.vault.views.unlocking import (
    choose_passphrase,
    join,
    lock,
    unlock,
    welcome,
)
from amana.trust.vault.views.vault_page_parts import list_digit_groups

__all__ = [
    "admissions",
    "allow_removal",
    "change_passphrase",
    "choose_passphrase",
    "confirm",
    "confirm_removal_",
    "end",
    "end_other_sessions",
    "end_session",
    "join",
    "lift",
    "list_digit_groups",
    "lock",
    "recover",
    "recovery_code",
    "renew",
    "renew_again",
    "renew_now",
    "see_removal_",
    "start_again",
    "stop_removal_",
    "suspend",
    "try_removal",
    "unlock",
    "welcome",
]
