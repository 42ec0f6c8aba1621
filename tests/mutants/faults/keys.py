"""Faults of keys, the roster, sessions and spheres."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from .registry import believe_rows, fault, put

VAULT = "amana/trust/vault/tests"


@fault(f"{VAULT}/test_leaving.py")
def exchanged_key_believed() -> None:
    """All is sealed to whatever public key lies in the database."""
    believe_rows()


@fault(f"{VAULT}/roster/test_altered.py")
def roster_of_others_believed() -> None:
    """A roster that begins with someone else's statement is taken for ours."""
    from amana.trust.vault import roster

    put(roster, learn_founding=lambda pinned: None)
    put(roster, require_founding=lambda pinned: None)


@fault(f"{VAULT}/roster/test_altered.py")
def roster_unsigned() -> None:
    """Who holds the database says in the roster what they like."""
    from amana.trust.vault import statements

    put(statements, is_signed=lambda *what, **by: True)


@fault(f"{VAULT}/roster/test_altered.py")
def roster_cut_back() -> None:
    """The last statements are gone, and nobody who saw them misses them."""
    from amana.trust.vault import roster

    put(roster, require_statement=lambda place, hash_: None)


@fault(f"{VAULT}/roster/test_altered.py")
def roster_cut_back_at_work() -> None:
    """They are gone while a process is at work that has checked them."""
    from amana.trust.vault import roster

    put(roster.RosterMemory, _note=lambda seen, place: None)


@fault(f"{VAULT}/roster/test_two_words.py")
def let_in_by_one() -> None:
    """One person proposes a colleague and vouches for the key as well."""
    from dataclasses import replace

    from amana.trust.vault import statements

    def let_in(roster: Any, says: Any, by: Any) -> Any:
        another = dict.fromkeys(roster.proposed, -1)
        return real(replace(roster, proposed=another), says, by)

    real = statements.RULES["let in"]
    statements.RULES["let in"] = let_in


@fault(f"{VAULT}/roster/test_two_words.py")
def keys_taken_on_one_word() -> None:
    """What one person has said of a colleague's keys is carried out."""
    from dataclasses import replace

    from amana.trust.vault import statements

    def leave(roster: Any, says: Any, by: Any) -> Any:
        agreed = {pk: replace(said, second=-1) for pk, said in roster.takings.items()}
        return real(replace(roster, takings=agreed), says, by)

    real = statements.RULES["leave"]
    statements.RULES["leave"] = leave


@fault(f"{VAULT}/test_spheres.py")
def sphere_of_a_row() -> None:
    """What may flow to an organisation is what its row says."""
    from amana.trust.vault import roster

    put(roster, require_spheres=lambda teams, as_of_: None)


@fault(f"{VAULT}/test_spheres.py")
def sphere_by_one_office() -> None:
    """Two people of one office say what kind of organisation it is."""
    from amana.trust.vault import statements

    put(
        statements,
        are_enough_signers=lambda roster, signers, *of, **first: len(signers) > 1,
    )


@fault(f"{VAULT}/test_spheres.py")
def consents_outlive_the_sphere() -> None:
    """What she agreed to tell the police goes on to whatever they have become."""
    from amana.care.consent import actions

    put(actions, end_resting_on_sphere=lambda organisation: None)


@fault(f"{VAULT}/roster/test_altered.py")
def wrap_slipped_in() -> None:
    """Rows alone say who gets the next key of a team."""
    from amana.trust.vault import roster

    put(roster, require_holders=lambda team, people: None)


@fault(f"{VAULT}/roster/test_altered.py")
def signing_key_exchanged() -> None:
    """The key that checks a person's signatures is believed as it lies there."""
    from amana.trust.vault import roster

    def row_of(key: Any) -> Any:
        known = roster.get_roster().here(key.pk)
        return (key.user_id, bytes(key.public), known and known.verify)

    put(roster, _row_of=row_of)


@fault(f"{VAULT}/test_keys.py")
def no_pepper() -> None:
    """A passphrase is tried without anything that is not in the database."""
    from amana.trust.vault import crypto

    right = crypto.stretch

    def stretch(secret: str, salt: bytes, *, pepper: str, **cost: int) -> bytes:
        return right(secret, salt, pepper="", **cost)

    put(crypto, stretch=stretch)


@fault(f"{VAULT}/test_sign_in.py")
def second_factor_skipped() -> None:
    """A passphrase alone is enough."""
    from amana.trust.access import http

    put(http, passed_both=lambda request: True)


@fault(f"{VAULT}/test_sign_in.py::test_a_device_is_known_after_both_factors")
def device_not_recognised() -> None:
    """Who signs in somewhere else with a stolen passphrase is not noticed."""
    from amana.trust.access import devices

    put(devices, recognise=lambda request, user, answer: answer)


@fault(
    f"{VAULT}/test_keys.py::test_a_new_pepper_takes_over_when_the_person_next_unlocks"
)
def new_pepper_shuts_out() -> None:
    """The day that the pepper is changed, nobody comes in any more."""
    from django.conf import settings

    from amana.trust.vault import keys

    def those() -> Any:
        return SimpleNamespace(
            VAULT_PEPPERS=said.VAULT_PEPPERS[:1], VAULT_ARGON2=said.VAULT_ARGON2
        )

    class FirstAlone:
        def __getattr__(self, name: str) -> Any:
            return getattr(those(), name)

    said = settings
    put(keys, settings=FirstAlone())


@fault(
    f"{VAULT}/test_leaving.py::test_everything_is_sealed_anew_and_the_old_key_destroyed"
)
def old_work_lost_with_the_old_key() -> None:
    """The old key of a team goes before all that lies under it is sealed anew."""
    from amana.trust.vault import epochs, leaving

    settle = epochs.settle_epoch_if_done

    def at_once(team_key: Any, *, by: Any) -> None:
        earlier = epochs.find_earlier_keys(team_key.team_id)
        epochs.TeamWrap.objects.filter(team_key__in=earlier).delete()
        settle(team_key, by=by)

    put(epochs, settle_epoch_if_done=at_once)
    put(leaving, settle_epoch_if_done=at_once)


@fault(f"{VAULT}/test_session.py::test_ten_idle_minutes_lock")
def left_unlocked() -> None:
    """A screen that was left alone stays open."""
    from amana.trust.access import sessions

    put(sessions, is_idle=lambda session: False)


@fault(f"{VAULT}/test_session.py::test_twelve_hours_end_even_a_busy_session")
def session_without_end() -> None:
    """Who goes on working is never asked to sign in again."""
    from datetime import timedelta

    from amana.trust.access import sessions

    put(sessions, END_AFTER=timedelta(days=365))


@fault(f"{VAULT}/roster/test_two_words.py")
def gone_and_back_on_their_own_word() -> None:
    """Whoever was made to leave says themselves that their keys are theirs again."""
    from amana.trust.vault import statements

    gone = statements.RemovedPerson
    put(statements, RemovedPerson=lambda person, held, again: gone(person, held, True))


@fault(f"{VAULT}/test_spheres.py")
def sphere_proposed_takes_admission_away() -> None:
    """One administrator stops everything that is sent to a shelter."""
    from amana.trust.access import actions
    from amana.trust.access.models import Organisation

    right = actions.change_organisation

    def stopped(organisation: Any, *, by: Any, **to: Any) -> None:
        right(organisation, by=by, **to)
        rows = Organisation.objects.filter(pk=organisation.pk)
        rows.update(admitted_at=None, confirmed_by=None)

    put(actions, change_organisation=stopped)


@fault(f"{VAULT}/test_spheres.py")
def sphere_taken_back_still_signed() -> None:
    """What one office proposed and took back counts with the word of another."""
    from amana.trust.vault import statements

    right = statements.set_sphere

    def kept(roster: Any, says: Any, by: Any) -> Any:
        if roster.spheres.get(says["organisation"]) == says["sphere"]:
            return roster
        return right(roster, says, by)

    statements.RULES["sphere"] = kept


@fault(
    f"{VAULT}/test_session.py::test_ending_other_sessions_asks_for_the_passphrase_first"
)
def thief_ends_the_owners_sessions() -> None:
    """Who sits down at an open screen signs its owner out everywhere else."""
    from datetime import timedelta

    from amana.trust.vault import middleware

    put(middleware, RECENTLY=timedelta(hours=9))


@fault(f"{VAULT}/test_boxes.py")
def old_keys_stay_beside_the_box() -> None:
    """A night that was killed leaves a copy of a key that is never destroyed."""
    from itertools import count

    from amana.trust.vault import boxes

    number, replaced = count(), Path.with_name

    class Files(type(Path())):  # type: ignore[misc]
        def with_name(self, name: str) -> Path:
            extra = f".{next(number)}" if name.endswith(".new") else ""
            return replaced(self, f"{name}{extra}")

    as_it_is = boxes._write
    put(boxes, _write=lambda file, keys: as_it_is(Files(file), keys))


@fault(
    f"{VAULT}/test_guessing.py::"
    "test_tries_at_one_account_are_counted_whatever_host_is_named"
)
def tries_are_counted_by_host() -> None:
    """Each port that a request names gives five more tries at one account."""
    from allauth.account.adapter import DefaultAccountAdapter

    from amana.trust.vault.signin import AccountAdapter

    as_it_is = DefaultAccountAdapter._get_login_attempts_cache_key
    put(AccountAdapter, _get_login_attempts_cache_key=as_it_is)
