"""Faults that were planted on purpose, and the test that has to catch each.

A test counts only after it has caught a planted fault. Each fault here is one that a
tired colleague could make: a line forgotten, a check left out, a key kept. `plant` puts
it into the running program; `killer` names the test that has to fail then.

    just mutants                   plant each, in turn; fails if one survives
    just mutants kept_disclosure   only this one

To add one: write a function below, decorate it, and say which test must catch it.
"""

import json
import logging
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.patching import put_everywhere

CLOSURE = "tests/properties/test_closure.py"
VAULT = "amana/trust/vault/tests"
AUDIT = "amana/trust/audit/tests"
FEEDBACK = "amana/insight/feedback/tests"
REFERRALS = "amana/care/referrals/tests"
DECISION = "amana/care/referrals/tests/test_decision.py"
REFERENCES = "amana/care/cases/tests/test_references.py"
GATE = "amana/care/cases/tests/test_gate.py"
PATHWAY_GATE = "amana/care/pathways/tests/test_gate.py"
DIRECTORY = "amana/design/directory/tests"
REQUESTS = "amana/care/requests/tests"
CONSENT = "amana/care/consent/tests/test_actions.py"
SEALED = "amana/care/consent/tests/test_sealed.py"
DIRECTORY = "amana/design/directory/tests"
MECHANISM = "amana/design/mechanism/tests"
PATHWAYS = "amana/care/pathways/tests"
NOTIFICATIONS = "amana/notifications/tests"
ALONE = "tests/properties/test_nobody_alone.py"
MEETINGS = "amana/care/meetings/tests"
FILES = "amana/care/cases/tests/test_files.py"
RECOVERY = "amana/trust/recovery/tests/test_recovery.py"


@dataclass(frozen=True)
class Fault:
    name: str
    says: str
    killer: str
    plant: Callable[[], None]
    on_postgresql: bool = False
    """Whether it does harm on PostgreSQL alone."""


FAULTS: dict[str, Fault] = {}


def fault(
    killer: str, *, on_postgresql: bool = False
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def note(plant: Callable[[], None]) -> Callable[[], None]:
        name = plant.__name__
        says = (plant.__doc__ or "").strip()
        FAULTS[name] = Fault(name, says, killer, plant, on_postgresql)
        return plant

    return note


def put(where: Any, /, **what: Any) -> None:
    """Put something in the place of what a module, with its parts, or a class had by
    that name."""
    for name, value in what.items():
        put_everywhere(where, name, value)


def other(module: Any, **what: Any) -> Any:
    """The module, for one of those that use it, with something exchanged."""
    return SimpleNamespace(**vars(module) | what)


def alter_script(name: str, before: str, after: str) -> None:
    """Hand out a script of ours with one place altered."""
    from django.contrib.staticfiles import finders

    find = finders.find
    path = find(name)
    assert isinstance(path, str)
    text = Path(path).read_text()
    assert text.count(before) == 1, f"{name} has no {before} any more"
    altered = Path(tempfile.mkdtemp()) / Path(name).name
    altered.write_text(text.replace(before, after))

    def found(wanted: str, *said: Any, **more: Any) -> Any:
        return str(altered) if wanted == name else find(wanted, *said, **more)

    put(finders, find=found)


# --- consent and disclosure


@fault(CLOSURE)
def kept_disclosure() -> None:
    """What was shared stays in the database after consent was withdrawn."""
    from amana.trust.vault import disclosures

    put(disclosures, destroy=lambda *, consent: 1)


VITAL = "amana/care/referrals/tests/test_vital.py"


@fault(VITAL)
def alone_in_vital_interest() -> None:
    """Whoever sent something without consent may reject or confirm it themselves."""
    from amana.care.consent import vital_interests

    put(vital_interests, confirm_vital_interest=vital_interests.see_vital_interest)


@fault(VITAL)
def rejected_and_still_read() -> None:
    """A second person rejects what was sent without consent; the copy stays."""
    from amana.care.consent import vital_interests

    put(
        vital_interests,
        disclosures=other(vital_interests.disclosures, destroy=lambda *, consent: 0),
    )


@fault(VITAL)
def unconfirmed_and_untold() -> None:
    """The hour is over, nobody has confirmed, and no officer hears of it."""
    from amana.care.consent import tasks

    put(tasks, list_officers=lambda interest: [])


@fault(VITAL)
def vital_interest_against_her_no() -> None:
    """What the person refused is sent without asking her, law or no law."""
    from amana.care.consent import vital_interests

    put(vital_interests, describe_obstacle=lambda need, recipient: "")


@fault(
    "amana/care/consent/tests/test_actions.py::"
    "test_an_organisation_to_avoid_is_told_nothing_though_she_agreed_before"
)
def told_to_whom_she_avoids() -> None:
    """What is shared, other than by a referral, goes to an organisation to avoid."""
    from amana.care.consent import avoided

    put(avoided, require_wanted=lambda organisation, to_avoid: None)


@fault(
    "amana/care/consent/tests/test_consent_text.py::test_a_pack_promises_what_is_read_aloud"
)
def promised_otherwise_on_paper() -> None:
    """When secrecy ends is changed in what is read aloud, and not in the mechanisms."""
    from copy import deepcopy

    from amana.care.consent import consent_text

    written = consent_text.load_text

    def narrower(language: str) -> dict[str, Any]:
        text = deepcopy(written(language))
        for part in text["more"]:
            for sentence in part.get("say", ()):
                if sentence.get("name") == "exceptions":
                    sentence["say"] = sentence["say"].rpartition(",")[0] + "."
        return text

    put(consent_text, load_text=narrower)


@fault(CLOSURE)
def no_ceiling() -> None:
    """Anything may flow to anyone: no firewall between the spheres."""
    from amana.trust.vault.compartments import CEILING, Compartment

    for sphere in CEILING:
        CEILING[sphere] = frozenset(Compartment)


@fault(CLOSURE)
def expiry_ignored() -> None:
    """Nobody ends the consents whose time is over."""
    from amana.care.consent import actions

    put(actions, expire_lapsed=lambda: 0)


@fault(CLOSURE)
def extra_field_disclosed() -> None:
    """One field more is shared than the person agreed to."""
    from amana.care.consent import actions
    from amana.trust.vault import documents
    from amana.trust.vault.compartments import Compartment as C

    right = actions.open_consent_state

    def and_one_more(consent: Any, *, by: Any) -> dict[str, Any]:
        opened = documents.open_documents(
            consent.case_id, [C.IDENTITY], by=by, purpose=""
        )
        other = opened[C.IDENTITY, "record"].content["other_names"]
        return right(consent, by=by) | {"identity.other_names": other}

    put(actions, open_consent_state=and_one_more)


@fault(CLOSURE)
def withdrawn_consent_still_shares() -> None:
    """Nobody looks whether the consent still lives before sharing under it."""
    from amana.care.consent.models import Consent

    put(Consent, share=lambda self, now: None)


@fault(
    f"{REQUESTS}/test_actions.py::"
    "test_the_first_is_asked_and_the_others_do_not_learn_that_there_is_a_question"
)
def third_house_learns() -> None:
    """A house in line, which nobody has asked, sees that there is a question."""
    from amana.care.requests import rules

    put(rules, UNKNOWN_TO_RECIPIENT=[])
    right = rules.see_enquiry.where

    def whoever_is_listed(user: Any) -> Any:
        from django.db.models import Q

        from amana.trust.access.rules import find_team_ids

        return right(user) | Q(recipient__in=find_team_ids(user))

    object.__setattr__(rules.see_enquiry, "where", whoever_is_listed)


@fault(
    f"{REQUESTS}/test_actions.py::"
    "test_nobody_reads_of_her_before_a_yes_whoever_is_asked"
)
def held_back_opens_early() -> None:
    """The recipient's wrap is sealed without the layer of the pepper."""
    from amana.trust.vault import disclosures

    put(disclosures, has_pepper_layer=lambda disclosure, wrap: False)


@fault(f"{VAULT}/test_held_back.py::test_new_keys_of_either_team_keep_it_held_back")
def new_keys_let_out_what_is_held_back() -> None:
    """A team that renews its key opens what is held back from it."""
    from amana.trust.vault import disclosures

    right = disclosures.renew_keys

    def without_layer(secrets: Any, holders: Any = None) -> Any:
        for disclosure in secrets:
            disclosure.held_back = False
        return right(secrets, holders)

    put(disclosures, renew_keys=without_layer)


@fault(
    f"{REQUESTS}/test_actions.py::"
    "test_of_two_houses_the_second_reads_that_it_is_accepted"
)
def two_houses_accept() -> None:
    """Nobody looks whether another house has accepted before."""
    from amana.care.requests import actions
    from amana.care.requests.models import Enquiry, HelpRequest

    def set_anyway(self: Any, to: Any, **changes: Any) -> None:
        type(self).objects.filter(pk=self.pk).update(status=to, **changes)
        for name, value in (changes | {"status": to}).items():
            setattr(self, name, value)

    put(HelpRequest, move=set_anyway)
    put(Enquiry, move=set_anyway)
    put(actions, _close_others=lambda request, mine, *, by: None)


@fault(
    f"{REQUESTS}/test_actions.py::"
    "test_of_several_asked_at_once_the_others_learn_only_that_it_is_closed"
)
def losers_keep_their_copies() -> None:
    """What was held back for a house that is out is not destroyed."""
    from amana.care.requests import actions

    put(actions, destroy_held_back_copies=lambda enquiries: None)


@fault(f"{REQUESTS}/test_actions.py::test_what_she_did_not_hear_of_is_read_to_her")
def unheard_of_carries_on() -> None:
    """A yes stands for what a recipient would read now, whatever she heard then."""
    from amana.care.consent import valid_consents

    put(valid_consents, has_heard_all=lambda consent, sealed, *, outside: True)


@fault(f"{CONSENT}::test_a_newer_answer_leaves_no_older_and_wider_yes_to_fall_back_to")
def an_older_and_wider_yes_stands() -> None:
    """What she agreed to before goes on standing after a newer answer."""
    from amana.care.consent.models import ConsentQuerySet

    put(ConsentQuerySet, standing=ConsentQuerySet.live)


@fault(f"{REQUESTS}/test_actions.py::test_her_no_while_a_house_is_being_asked_stops_it")
def a_no_leaves_what_is_held_back() -> None:
    """A house that is being asked is told of her although she has said no since."""
    from amana.care.consent import actions

    put(
        actions.consent_records,
        discount_earlier_consents=lambda answer, *, at, by: None,
    )


@fault(
    f"{REQUESTS}/test_actions.py::test_a_newer_yes_ends_what_is_asked_under_the_older"
)
def a_newer_yes_leaves_the_older_open() -> None:
    """What is asked under an older yes stays open after a newer and narrower one."""
    from amana.care.consent import actions

    put(actions.consent_records, lock_earlier_consents=lambda at, **about: [])


@fault(
    f"{REQUESTS}/test_actions.py::"
    "test_nobody_gets_what_a_guardian_agreed_to_who_came_under_suspicion"
)
def a_suspected_guardian_s_word_is_waited_on() -> None:
    """What a guardian agreed to is released although they came under suspicion."""
    from amana.care.consent import actions

    put(actions, discount_given_by_others=lambda case, identity, *, by: None)


@fault(
    f"{REQUESTS}/test_actions.py::"
    "test_who_had_it_before_the_suspicion_keeps_it_and_nobody_else_is_told"
)
def a_house_is_asked_again_on_a_suspected_word() -> None:
    """What was shared once before is held back again, and released all the same."""
    from amana.care.requests import actions

    put(actions, stop_asking=lambda consent, *, by: None)


@fault(f"{CONSENT}::test_whose_word_counts_is_looked_at_again_before_anything_is_told")
def a_suspected_guardian_goes_on_agreeing() -> None:
    """A yes counts although whoever gave it could not give it any more."""
    from amana.care.consent import actions

    put(actions, _require_still_theirs=lambda given_by, identity: None)


@fault(f"{CONSENT}::test_what_was_never_used_ends_when_its_giver_cannot_agree_any_more")
def suspected_guardian_s_earlier_word_not_found() -> None:
    """Who answered is read as the child: no earlier word of a guardian is found."""
    from dataclasses import replace

    from amana.care.consent import signed_consents
    from amana.care.consent.models import Consent

    find = signed_consents.find_answers

    def as_the_child(consents: Any, *, by: Any) -> Any:
        found = find(consents, by=by)
        child = Consent.GivenBy.CHILD
        return {pk: replace(answer, given_by=child) for pk, answer in found.items()}

    put(signed_consents, find_answers=as_the_child)


@fault(f"{SEALED}::test_what_lies_in_the_clear_is_alike_whoever_answered")
def who_answered_in_the_log() -> None:
    """A detail of the log says who answered, and so whose case is a child's."""
    from amana.care.consent import actions, sealed
    from amana.trust.audit import log

    content, record = sealed.build_content, log.record
    last = []

    def remembered(*about: Any, given_by: Any, **said: Any) -> Any:
        last[:] = [str(given_by)]
        return content(*about, given_by=given_by, **said)

    def told(did: str, *about: Any, **details: Any) -> Any:
        more = {"given_by": last[0]} if did == "recorded consent" else {}
        return record(did, *about, **details | more)

    put(sealed, build_content=remembered)
    put(actions, log=other(log, record=told))


@fault(f"{SEALED}::test_what_lies_in_the_clear_is_alike_whoever_answered")
def size_tells_of_a_child() -> None:
    """The text that a child hears is longer, and so is what is sealed."""
    from amana.care.consent import sealed

    put(sealed, _longest=lambda language, told: 0)


@fault(f"{SEALED}::test_what_lies_in_the_clear_is_alike_whoever_answered")
def size_tells_of_the_law() -> None:
    """Where a child decides alone, the law that is named shows in the size."""
    from amana.care.consent import sealed

    put(sealed, build_fill=lambda given_by, why_alone: "")


@fault(f"{SEALED}::test_the_signed_hash_is_of_no_text_that_can_be_written_again")
def signed_hash_of_the_text_alone() -> None:
    """The hash that is signed has no salt: who tries both texts finds the child's."""
    from amana.care.consent import sealed

    hash_of = sealed.compute_hash
    put(sealed, compute_hash=lambda answer: hash_of(answer["text"]))


@fault(f"{SEALED}::test_nothing_is_shared_where_another_is_written_to_have_answered")
def answer_believed_unsigned() -> None:
    """Who answered is taken from what is sealed, whatever was signed of it."""
    from amana.care.consent import sealed, signed_consents

    def believed(state: Any, consents: Any, *, by: Any) -> Any:
        return sealed.find_answers(consents, by=by)

    put(signed_consents, _as_signed=believed)


@fault(f"{REQUESTS}/test_views.py::test_from_emergency_to_sent_are_four_taps")
def emergency_asks_for_consent() -> None:
    """An emergency can't be sent before somebody has agreed to something."""
    from amana.care.requests import actions
    from amana.errors import Refused

    def refused(*given: Any, **more: Any) -> Any:
        raise Refused("The person has not agreed to share with this service.")

    put(actions, ask_without_name=refused)


@fault(CLOSURE)
def declined_and_kept() -> None:
    """A service that has declined goes on reading what it was sent."""
    from amana.trust.vault import disclosures

    put(disclosures, take_back=lambda disclosure: None)


TOLD = "amana/care/referrals/tests/test_told.py"


@fault(TOLD)
def told_and_not_read_aloud() -> None:
    """The text that a person hears leaves out how urgent it is."""
    from amana.care.consent import payload

    right = payload.ConsentPayload._keys

    def keys(self: Any) -> Any:
        return (key for key in right(self) if key != payload.URGENCY)

    put(payload.ConsentPayload, _keys=keys)


@fault(TOLD)
def read_aloud_and_not_told() -> None:
    """A person hears of a telephone number that the team doesn't have."""
    from amana.care.consent import payload

    right = payload.ConsentPayload._keys

    def keys(self: Any) -> Any:
        return dict.fromkeys([*right(self), payload.PHONE])

    put(payload.ConsentPayload, _keys=keys)


@fault(TOLD)
def empty_field_read_aloud() -> None:
    """A person is asked about fields in which nothing is written."""
    from amana.care.consent.consent_questions import ConsentFormContext

    put(ConsentFormContext, offered=property(lambda self: self.may_be_shared))


@fault(TOLD)
def note_along_unheard_of() -> None:
    """A worker's note goes along although the person never heard of it."""
    from amana.care.referrals import actions

    put(actions, require_heard_of=lambda *_args, **_more: None)


@fault(TOLD)
def need_beyond_the_sphere() -> None:
    """A hostel that lists antenatal care hears of a pregnancy."""
    from amana.care.consent import purposes

    put(purposes, may_learn=lambda sphere, service_type: True)


@fault("amana/care/consent/tests/test_consent_text.py")
def withdrawn_by_the_assigned_alone() -> None:
    """The text says anyone in the team, and only those who see the case can end it."""
    from amana.care.cases.rules import filter_by_seen_case
    from amana.care.consent import rules

    object.__setattr__(rules.withdraw_consent, "where", filter_by_seen_case)


# --- keys


@fault(CLOSURE)
def not_rekeyed() -> None:
    """The team keeps its key when someone leaves."""
    from amana.trust.vault import epochs, keys

    put(epochs, begin_epoch=lambda team, *, by: keys.get_current_key(team))


@fault(CLOSURE)
def written_under_the_old_key() -> None:
    """After someone has left, new words still go under a key that they could keep."""
    from amana.trust.vault import documents

    def to_write(case: Any, compartment: Any, *, by: Any) -> Any:
        secrets = documents.open_compartment_keys(case, [compartment], by=by)
        return secrets[compartment]

    put(documents, open_key_for_writing=to_write)


@fault(CLOSURE)
def letters_under_the_old_key() -> None:
    """After someone has left, letters still go under a key that they could keep."""
    from amana.trust.vault import disclosures

    right, write_letter = disclosures.renew_keys, disclosures.write_letter

    def as_it_is(*args: Any, **words: Any) -> Any:
        put(disclosures, renew_keys=lambda secrets: dict(secrets))
        try:
            return write_letter(*args, **words)
        finally:
            put(disclosures, renew_keys=right)

    put(disclosures, write_letter=as_it_is)


@fault(CLOSURE)
def wrapped_anew_and_not_sealed_anew() -> None:
    """A new epoch hands on the keys of the old one."""
    from amana.trust.vault import crypto, documents

    renew = documents.renew

    def handing_on(secrets: Any, holders: Any = (), *, by: Any) -> Any:
        queue = list(secrets.values())
        put(documents, crypto=other(crypto, generate_key=lambda: queue.pop(0)))
        try:
            return renew(secrets, holders, by=by)
        finally:
            put(documents, crypto=crypto)

    put(documents, renew=handing_on)


@fault(CLOSURE)
def restricted_and_still_the_teams() -> None:
    """A case kept to named people stays open to their team."""
    from amana.trust.vault import documents

    right = documents.share_case

    def without_end(case: Any, *, exclusively: bool = False, **who: Any) -> None:
        right(case, **who)

    put(documents, share_case=without_end)


@fault(CLOSURE)
def restricted_and_shared_with_the_team() -> None:
    """What is disclosed of a restricted case is held by the sender's whole team."""
    from amana.trust.vault import disclosures, keys

    def to_teams(case: Any, sender: Any, recipient: Any) -> Any:
        return list(keys.get_current_keys([sender.pk, recipient.pk]).values())

    put(disclosures, find_holders_and_keys=to_teams)


@fault(CLOSURE)
def card_left_behind() -> None:
    """The team's search card stays when a case is kept to named people."""
    from amana.trust.vault import cards, keys
    from amana.trust.vault.models import PersonKey, SearchCard

    def leave_the_old(
        case: Any, card: Any, *, by: Any, team: Any = None, people: Any = ()
    ) -> None:
        plain = cards._text(card)
        held = SearchCard.objects.filter(case=case)
        if team and not held.filter(team_key__team=team).exists():
            key = keys.get_current_key(team)
            cards._for_team(case, plain, key, by=by).save()
        for person in PersonKey.objects.filter(user__in=people or []):
            if not held.filter(person_key=person).exists():
                cards._for_person(case, plain, person).save()

    put(cards, store_card=leave_the_old)


@fault(CLOSURE)
def administrators_hold_keys() -> None:
    """An administrator gets the key of the team in which they stand."""
    from amana.trust.access import models
    from amana.trust.access.models import Role

    put(models, KEYHOLDERS=models.KEYHOLDERS | {Role.ADMINISTRATOR})


@fault(CLOSURE)
def erased_in_part() -> None:
    """What was disclosed of a case outlives its erasure."""
    from amana.trust.vault import documents
    from amana.trust.vault.models import CompartmentKey

    def shred(case: Any) -> None:
        CompartmentKey.objects.filter(case=case).delete()

    put(documents, shred=shred)


@fault(f"{VAULT}/test_leaving.py")
def exchanged_key_believed() -> None:
    """All is sealed to whatever public key lies in the database."""
    believe_rows()


@fault(f"{VAULT}/test_roster.py")
def roster_of_others_believed() -> None:
    """A roster that begins with someone else's statement is taken for ours."""
    from amana.trust.vault import roster

    put(roster, learn_founding=lambda pinned: None)
    put(roster, require_founding=lambda pinned: None)


@fault(f"{VAULT}/test_roster.py")
def roster_unsigned() -> None:
    """Who holds the database says in the roster what they like."""
    from amana.trust.vault import statements

    put(statements, is_signed=lambda *what, **by: True)


@fault(f"{VAULT}/test_roster.py")
def roster_cut_back() -> None:
    """The last statements are gone, and nobody who saw them misses them."""
    from amana.trust.vault import roster

    put(roster, require_statement=lambda place, hash_: None)


@fault(f"{VAULT}/test_roster.py")
def roster_cut_back_at_work() -> None:
    """They are gone while a process is at work that has checked them."""
    from amana.trust.vault import roster

    put(roster.RosterMemory, _note=lambda seen, place: None)


@fault(f"{VAULT}/test_roster.py")
def let_in_by_one() -> None:
    """One person proposes a colleague and vouches for the key as well."""
    from dataclasses import replace

    from amana.trust.vault import statements

    def let_in(roster: Any, says: Any, by: Any) -> Any:
        another = dict.fromkeys(roster.proposed, -1)
        return real(replace(roster, proposed=another), says, by)

    real = statements.RULES["let in"]
    statements.RULES["let in"] = let_in


@fault(f"{VAULT}/test_roster.py")
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


@fault(f"{VAULT}/test_roster.py")
def wrap_slipped_in() -> None:
    """Rows alone say who gets the next key of a team."""
    from amana.trust.vault import roster

    put(roster, require_holders=lambda team, people: None)


@fault(f"{VAULT}/test_roster.py")
def signing_key_exchanged() -> None:
    """The key that checks a person's signatures is believed as it lies there."""
    from amana.trust.vault import roster

    def row_of(key: Any) -> Any:
        known = roster.get_roster().here(key.pk)
        return (key.user_id, bytes(key.public), known and known.verify)

    put(roster, _row_of=row_of)


@fault(f"{VAULT}/test_documents.py")
def bound_to_nothing() -> None:
    """A sealed word opens wherever somebody moves it in the database."""
    from amana.trust.vault import documents, keys

    for module in (documents, keys):
        put(module, bind_place=lambda *place: b"amana")


@fault(f"{VAULT}/test_disclosures.py")
def expired_and_still_opened() -> None:
    """What has expired opens until the clock comes by."""
    from amana.trust.vault import disclosures

    put(disclosures, open_valid_secret=disclosures.open_held_secret)


@fault(f"{VAULT}/test_handover.py")
def as_many_tries_as_you_like() -> None:
    """A spoken code may be tried for ever."""
    from amana.trust.vault import handover

    put(handover, _take_a_try=lambda offer_id: None)


@fault(f"{VAULT}/test_keys.py")
def no_pepper() -> None:
    """A passphrase is tried without anything that is not in the database."""
    from amana.trust.vault import crypto

    right = crypto.stretch

    def stretch(secret: str, salt: bytes, *, pepper: str, **cost: int) -> bytes:
        return right(secret, salt, pepper="", **cost)

    put(crypto, stretch=stretch)


# --- recipients without accounts


@fault(f"{REFERRALS}/test_outside_recipients.py")
def opening_is_not_seen() -> None:
    """A page is opened, and the referral still waits to be seen."""
    from amana.care.referrals import actions
    from amana.care.referrals.states import ReferralStatus

    right = actions.change_referral_status

    def move(referral: Any, to: Any, **said: Any) -> None:
        if to is not ReferralStatus.RECEIVED:
            right(referral, to, **said)

    put(actions, change_referral_status=move)


@fault(f"{REFERRALS}/test_outside_recipients.py")
def language_burns_the_page() -> None:
    """What was opened is gone with the next request: reload, mistake, language."""
    from amana.trust.vault import handover

    put(handover, find_opened_page=lambda page, cookie: None)


@fault(f"{REFERRALS}/test_outside_recipients.py")
def page_stays_for_a_day() -> None:
    """A cookie that somebody stole opens the page long afterwards."""
    from amana.trust.vault.models import Visit

    put(Visit.objects, open=Visit.objects.all)


@fault(f"{REFERRALS}/test_outside_recipients.py")
def slip_survives_revoking() -> None:
    """A slip that was revoked, and is open, goes on answering."""
    from amana.care.referrals.bearers import Outsider

    put(Outsider, require=lambda self, referral: None)


@fault(f"{REFERRALS}/test_outside_recipients.py")
def slip_survives_withdrawal() -> None:
    """After a withdrawal a slip offers answers, and says nothing of destroying."""
    from amana.care.referrals.views import outside_pages

    put(outside_pages, find_destruction=lambda referral: None)


@fault(f"{REFERRALS}/test_outside_recipients.py")
def slip_codes_may_be_guessed() -> None:
    """Wrong codes of a return slip are not counted."""
    from amana.trust.vault import slips
    from amana.trust.vault.models import ReturnSlip

    put(slips, _take_a_try=lambda number: ReturnSlip.objects.get(number=number))


@fault(f"{REFERRALS}/test_escalation.py")
def clocks_lie() -> None:
    """A clock says that a supervisor was told where there is none."""
    from amana.care.referrals import tasks

    right = tasks.choose_notified

    def reached(referral: Any, whom: str) -> Any:
        return whom, right(referral, whom)[1]

    put(tasks, choose_notified=reached)


# --- rules and lists


@fault(CLOSURE)
def stale_rule_in_a_list() -> None:
    """A list still counts the teams that someone has left."""
    from amana.care.cases import rules as cases
    from amana.care.referrals import rules as referrals
    from amana.trust.access.models import Membership

    def ever_in(user: Any, *roles: Any) -> Any:
        held = Membership.objects.filter(user=user, confirmed_at__isnull=False)
        held = held.filter(role__in=roles) if roles else held
        return held.values_list("team", flat=True)

    put(cases, find_team_ids=ever_in)
    put(referrals, find_team_ids=ever_in)


@fault(f"{VAULT}/test_sign_in.py")
def second_factor_skipped() -> None:
    """A passphrase alone is enough."""
    from amana.trust.access import http

    put(http, passed_both=lambda request: True)


# --- the log


@fault(CLOSURE)
def skipped_audit() -> None:
    """A case is opened and nothing is written down."""
    from amana.trust.audit import log
    from amana.trust.vault import documents

    put(documents, log=other(log, record=lambda *args, **details: None))


@fault(CLOSURE)
def search_not_logged() -> None:
    """A search shows names and does not say whose."""
    from amana.trust.audit import log
    from amana.trust.vault import cards

    def without_cases(did: str, *args: Any, cases: Any = (), **details: Any) -> Any:
        return log.record(did, *args, **details)

    put(cards, log=other(log, record=without_cases))


@fault(CLOSURE)
def words_in_the_log() -> None:
    """The log tells what was written."""
    from amana.trust.audit import log
    from amana.trust.vault import documents

    right = documents.write

    def write(
        case: Any, compartment: Any, content: Any, *, by: Any, **more: Any
    ) -> int:
        log.record("wrote record", by=by, case=case, content=dict(content))
        return right(case, compartment, content, by=by, **more)

    put(documents, write=write)


@fault(CLOSURE)
def words_in_the_log_file() -> None:
    """Somebody looking for a fault left a line that tells what is read."""
    from amana.trust.vault import documents

    right = documents.reading._read

    def read(*args: Any) -> Any:
        found = right(*args)
        logging.getLogger("amana").info("opened %s", found)
        return found

    put(documents, _read=read)


@fault(CLOSURE)
def words_in_a_temporary_file() -> None:
    """A file passes through the disk in the clear."""
    from amana.trust.vault import documents

    right = documents.seal_file

    def seal_file(case: Any, compartment: Any, plain: bytes, *, by: Any) -> Any:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            Path(file.name).write_bytes(plain)
        return right(case, compartment, plain, by=by)

    put(documents, seal_file=seal_file)


@fault(f"{AUDIT}/test_guards.py")
def log_can_be_changed() -> None:
    """The triggers that keep the log are not there."""
    from importlib import import_module

    guards = import_module("amana.trust.audit.migrations.0002_guards")
    here, there = vars(guards)["ON_SQLITE"], vars(guards)["ON_POSTGRESQL"]
    put(guards, ON_SQLITE=[sql for sql in here if "refuses" not in sql])
    put(guards, ON_POSTGRESQL=[sql for sql in there if "_only_grows\n" not in sql])


@fault(f"{AUDIT}/test_verifying.py")
def verifier_believes_the_hashes() -> None:
    """The verifier takes each entry's hash on trust."""
    from amana.trust.audit import offline_verifier

    def entry(rest: str, tree: Any) -> Any:
        _position, given, text = rest.split(" ", 2)
        tree.add(bytes.fromhex(given))
        return json.loads(text)

    put(offline_verifier, _entry=entry)


@fault(f"{AUDIT}/test_sealing.py", on_postgresql=True)
def sealed_by_a_cursor() -> None:
    """The sealer goes on from the highest number that it has seen."""
    from amana.trust.audit import sealing
    from amana.trust.audit.models import AuditEvent, AuditLeaf

    def waiting(at_most: int) -> list[int]:
        last = AuditLeaf.objects.order_by("-event").values_list("event").first()
        later = AuditEvent.objects.filter(pk__gt=last[0] if last else 0)
        return list(later.order_by("pk").values_list("pk", flat=True)[:at_most])

    put(sealing, _waiting=waiting)


@fault(f"{FEEDBACK}/test_rules.py")
def reads_of_ones_own_house() -> None:
    """Who also works for an organisation reads what is said of it."""
    from django.db.models import Q

    from amana.insight.feedback import rules

    put(rules, exclude_own=lambda user: Q(pk__isnull=False))


@fault(f"{FEEDBACK}/test_answering.py")
def slip_opens_twice() -> None:
    """A slip is not used up by an answer."""
    from amana.insight.feedback.actions import answering

    put(answering, _use_up=lambda slip: None)


@fault(f"{FEEDBACK}/test_answering.py", on_postgresql=True)
def words_lie_as_they_came() -> None:
    """Words are laid among the others in the order in which people spoke."""
    from amana.insight.feedback.actions import answering

    as_they_came = SimpleNamespace(shuffle=lambda found: None)
    put(answering, SystemRandom=lambda: as_they_came)


@fault(f"{FEEDBACK}/test_reading.py")
def ten_are_enough() -> None:
    """A theme is told when ten people spoke of it."""
    from amana.insight.feedback import heard

    put(heard, get_smallest_group=lambda: 10)


# --- what a shelter decides on


@fault(DECISION)
def shelter_is_told_neither_need_nor_place() -> None:
    """The shelter reads neither what the person needs, in their words, nor where."""
    from dataclasses import replace

    from amana.care.referrals import decision

    told = decision.build_decision
    put(decision, build_decision=lambda *said: replace(told(*said), words="", where=""))


@fault(DECISION)
def shelter_has_nobody_to_call() -> None:
    """The shelter is shown no number of the sender."""
    from amana.care.referrals.reaching import TeamContact

    put(TeamContact, phone="")


@fault(DECISION)
def person_is_told_the_deadline_of_the_receipt() -> None:
    """The person is told that they reply by when they only have to acknowledge."""
    from amana.care.referrals.models import Referral

    put(Referral, reply_by=property(lambda referral: referral.due_at))


@fault(DECISION)
def shared_field_is_lost() -> None:
    """What the decision does not show does not stand below it either."""
    from amana.care.referrals import decision

    put(decision, iterate_other_fields=lambda content: [])


@fault(DECISION)
def officer_is_not_reached() -> None:
    """A screener who sent a referral is not among those to call, nor told."""
    from amana.care.referrals import rota

    put(rota, KEYHOLDERS=rota.ANSWER_FIRST)


@fault(DECISION)
def slip_tells_what_it_is_about() -> None:
    """The slip says what is needed, to whoever finds it."""
    from amana.care.referrals.views import sent_referral

    neutral = sent_referral.render_slip

    def telling(referral: Any, **said: Any) -> str:
        paper = neutral(referral, **said)
        return paper.replace("</article>", f"{referral.needed}</article>")

    put(sent_referral, render_slip=telling)


@fault(DECISION)
def came_before_the_appointment() -> None:
    """That the person came is taken down a day before they are expected."""
    from amana.care.referrals import referral_messages

    put(referral_messages, find_appointment_time=lambda referral, *, by: None)


@fault(REFERENCES)
def swapped_signs_go_unnoticed() -> None:
    """The check of a reference is the same whatever the order of its signs."""
    from amana.care.cases import references

    put(references, multiply_by_x=lambda element: element)


@fault(GATE)
def unanswered_is_safe() -> None:
    """A safety question that nobody asked counts as answered well."""
    from amana.care.cases.gate import SafetyGate

    put(SafetyGate, unanswered=property(lambda gate: []))


@fault(GATE)
def stands_against_and_safe() -> None:
    """Not in private, or a phone that is followed, and the page says: you can talk."""
    from amana.care.cases.gate import SafetyGate

    put(SafetyGate, against=property(lambda gate: []))


@fault(PATHWAY_GATE)
def safe_when_nothing_was_asked() -> None:
    """The pathway records as safe whatever isn't danger, nothing asked included."""
    from amana.care.cases.gate import GateResult
    from amana.care.pathways import reactions

    def declared(gate: Any) -> dict[str, str]:
        danger = gate.result is GateResult.DANGER
        return {"safety": "danger" if danger else "safe"}

    put(reactions, read_result=declared)


@fault(PATHWAY_GATE)
def safety_declared_by_hand() -> None:
    """The step of the safety gate is done by choosing "safe", without a question."""
    from amana.care.pathways import gating

    put(gating, is_gate=lambda step: False)


# --- choosing a service, and knowing a person again


@fault(f"{DIRECTORY}/test_offered.py")
def best_match_has_no_bed() -> None:
    """A count of no free places, once it is old, is no longer held against a house."""
    from amana.design.directory.matching import MatchRule, rules

    def by_fresh_counts_alone(directory: Any, person: Any, at: Any) -> Any:
        counts = directory["counts_places"][at]
        now = rules.find_fresh_counts(directory, person, at)
        few = directory["free"][at] < rules.compute_places_needed(directory, person, at)
        return counts & now & few, counts & ~now

    rules.RULES[MatchRule.FULL] = by_fresh_counts_alone


@fault(f"{REFERRALS}/test_choosing.py")
def emergencies_wait_for_office_hours() -> None:
    """An emergency at night is shown houses that open in the morning."""
    from amana.care.referrals import choosing

    put(choosing, compute_opening_limit=lambda need, now: None)


@fault(f"{REFERRALS}/test_choosing.py")
def full_house_is_offered() -> None:
    """A house that is full stands apart, and can be asked for a bed all the same."""
    from amana.care.referrals.choosing import ServiceCard

    put(ServiceCard, full=ServiceCard.unsure)


@fault(f"{REFERRALS}/test_choosing.py")
def family_books_one_bed() -> None:
    """A family is offered places for all, and accepted with one."""
    from amana.care.referrals import needed

    put(
        needed, count_places=lambda referral, *, by: int(referral.service.counts_places)
    )


@fault(f"{VAULT}/test_likeness.py")
def same_desk_same_day_says_nothing() -> None:
    """Three of one name and age, met at one desk on one day, are never shown."""
    from amana.trust.vault import likeness

    put(likeness, MET_LATELY=())


@fault(f"{DIRECTORY}/test_clusters.py")
def map_counts_what_one_may_not_see() -> None:
    """The numbers on the map are of all services, also of those shown to their own
    team alone."""
    from amana.design.directory.catalogue import Catalogue

    def all_of_it(self: Any, user: Any) -> Any:
        import numpy as np

        return np.ones(len(self.directory), np.bool)

    put(Catalogue, visible=all_of_it)


@fault(f"{DIRECTORY}/test_clusters.py")
def marks_lie_on_each_other() -> None:
    """Towns that touch on the map stay two marks, of which one can't be tapped."""
    from amana.design.directory import clusters

    put(clusters, merge_marks=lambda counted, found, zoom: found)


@fault(f"{MECHANISM}/test_line.py")
def drawing_forgets_a_branch() -> None:
    """What comes after a branch in a block is not linked to the block's end."""
    from amana.design.mechanism import line

    put(line, map_joins=lambda inside: {})


@fault(f"{DIRECTORY}/test_clusters.py")
def mark_leads_to_more_than_it_counts() -> None:
    """A mark of several areas leads to all services, whatever its number."""
    from dataclasses import replace

    from amana.design.directory import clusters

    made = clusters.build_merged_mark
    put(
        clusters,
        build_merged_mark=lambda now, found: replace(made(now, found), url=now.url()),
    )


@fault(f"{MECHANISM}/test_line.py")
def fork_stands_before_the_block_that_it_follows() -> None:
    """What follows a block is drawn with the block's beginning, and its branches lead
    back."""
    from amana.design.mechanism import line

    def every(seen: Any, inside: Any) -> Any:
        told = line.list_told_before(seen)
        for id in inside:
            before = seen.leading_to(id)
            if id in told and len(before) == 1 and before[0].kind != "choose":
                yield id, before[0].id

    put(line, iterate_branchings=every)


@fault("amana/insight/gaps/tests/test_views.py")
def gaps_are_counted_by_one_kind_and_listed_by_all() -> None:
    """The number of a kind forgets the gaps that are of it too."""
    from amana.insight.gaps.listing import GapRow

    put(GapRow, kinds=property(lambda self: {self.gap.kind}))


@fault(f"{REFERRALS}/test_undo.py")
def mark_of_a_decision_is_shown_to_colleagues() -> None:
    """The inbox marks what anybody has decided."""
    from amana.care.pending import decision_rows
    from amana.care.pending.models import PendingDecision
    from amana.trust.access.models import User
    from amana.trust.access.prepared import PreparedQuery

    of_all = PendingDecision.objects.waiting().order_by("due_at", "pk")
    put(decision_rows, find_waiting=PreparedQuery(lambda user: of_all, User))


@fault("amana/home/tests/test_numbers.py")
def number_leads_to_the_whole_list() -> None:
    """What an address asks for of a list is not looked at."""
    from django.db.models import Q

    from amana.ui.lists import ListRequest

    put(ListRequest, where=lambda self, now=None: Q())


@fault(f"{MECHANISM}/test_line.py")
def two_stations_in_one_place() -> None:
    """Every way takes the first lane, whatever runs there."""
    from amana.design.mechanism.documents import layout

    put(layout, take_free_lane=lambda taken, span: 0)


@fault(f"{PATHWAYS}/test_drawn.py")
def drawn_case_has_done_nothing() -> None:
    """A case's drawing does not mark what was done."""
    from amana.care.pathways import drawn

    put(drawn, list_passed=lambda course: {})


@fault(f"{NOTIFICATIONS}/test_property.py")
def notice_of_a_restricted_case() -> None:
    """A notification is shown to whom it was once for, whatever they see now."""
    from django.db.models import Q

    from amana.notifications import rules

    put(rules, filter_by_kind=lambda kind, user, day: Q(what__in=kind.whats))


@fault(f"{NOTIFICATIONS}/test_reading.py")
def badge_of_every_inbox() -> None:
    """The badge counts referrals that others have to answer."""
    from amana.care.referrals.models import Referral
    from amana.trust.access.prepared import DynamicQuery
    from amana.ui import badges

    all_of_them = DynamicQuery(Referral.objects.to_answer())
    badges.BADGES["inbox"] = lambda user: [all_of_them.some(badges.AT_MOST)]


@fault(f"{NOTIFICATIONS}/test_stream.py")
def stream_by_the_highest_number() -> None:
    """The stream goes on from the highest number that it has seen."""
    from amana.notifications.stream import NewRows

    right = NewRows.fetch

    def fetch(self: NewRows) -> Any:
        found = right(self)
        self.after = max([self.after, *self.seen])
        return found

    put(NewRows, fetch=fetch)


@fault("amana/home/tests/test_today.py")
def tasks_of_the_whole_team() -> None:
    """Among one's own tasks stand those on the cases of colleagues."""
    from amana.care.cases.models import Case
    from amana.home import care
    from amana.trust.access.rules import find_team_ids

    put(
        care,
        find_my_cases=lambda user: Case.objects.open().filter(
            team__in=find_team_ids(user)
        ),
    )


@fault("amana/care/lists/tests/test_ranking.py")
def urgency_before_everything() -> None:
    """Medium work that is late for weeks never rises."""
    from datetime import timedelta

    from amana.care.lists import ranking

    put(ranking, RISES_AFTER=timedelta(days=10_000))


@fault("amana/trust/access/tests/test_prepared.py")
def filters_are_mixed_up() -> None:
    """Whoever filters a list gets what was kept of another filter."""
    from amana.ui.paging import FilterBatch

    def alike(self: FilterBatch, other: object) -> bool:
        return isinstance(other, FilterBatch)

    put(FilterBatch, __eq__=alike, __hash__=lambda self: 1)


@fault("amana/trust/access/tests/test_prepared.py")
def quotes_as_they_are() -> None:
    """A constant is put into SQL without doubling its quotes."""
    from amana.trust.access import prepared

    put(prepared, format_literal=lambda constant: f"'{constant}'")


@fault(f"{REFERRALS}/test_undo.py")
def words_of_a_decision_read_too_soon() -> None:
    """What was written with a decline is read before the decline takes effect."""
    from amana.trust.vault.models import DisclosureMessage

    right = DisclosureMessage.save

    def save(self: DisclosureMessage, *args: Any, **kwargs: Any) -> None:
        self.held_for = None
        right(self, *args, **kwargs)

    put(DisclosureMessage, save=save)


@fault(f"{REFERRALS}/test_undo.py")
def decision_against_a_colleague() -> None:
    """A decision takes effect although a colleague has answered meanwhile."""
    from amana.care.pending import actions

    put(actions, has_changed=lambda decision: False)


@fault(f"{REQUESTS}/test_undo.py")
def lapsed_before_its_decline() -> None:
    """The clock goes on from a house that has declined in time as from a silent one."""
    from amana.care.requests import chasing

    put(chasing, pending=SimpleNamespace(carry_out_due=lambda now: 0))


@fault("amana/care/lists/tests/test_ordering.py")
def lists_that_never_rise() -> None:
    """In a list, medium work that is late for weeks stays where it is."""
    from datetime import timedelta

    from amana.care.lists import ordering

    put(ordering, RISES_AFTER=timedelta(days=10_000))


@fault("amana/care/referrals/tests/test_calendar.py")
def restricted_in_the_teams_calendar() -> None:
    """A team's calendar shows the appointments of cases kept to named people."""
    from amana.care.referrals import appointments
    from amana.care.referrals.models import Referral
    from amana.care.referrals.rules import answer_referral, supervise_referral

    def teams(user: Any, begins: Any, ends: Any) -> Any:
        expected = Referral.objects.for_list().expected(begins, ends)
        rules = (answer_referral, supervise_referral)
        return appointments.sort_appointments(
            [rule.among(expected, user) for rule in rules]
        )

    put(appointments, list_team_appointments=teams)


@fault("amana/care/cases/tests/test_lists.py")
def one_refusal_stops_all() -> None:
    """Of several cases that are assigned, the first refusal ends it."""
    from amana.care.cases import actions

    def together(cases: Any, worker: Any, *, part: str, by: Any) -> list[Any]:
        for case in cases:
            actions.assign(case, worker, part=part, by=by)
        return []

    put(actions, assign_together=together)


@fault("amana/care/lists/tests/test_views.py")
def a_view_keeps_what_was_typed() -> None:
    """An address is stored as it came, with whatever stands in it."""
    from amana.ui.lists import ListRequest

    def query(self: Any, **_words: Any) -> str:
        return "urgency=U0&name=Zubaida"

    put(ListRequest, query=query)


# --- nobody alone


@fault(f"{VAULT}/test_removal.py")
def second_person_of_the_same_office() -> None:
    """Two people of one office take a colleague's keys away."""
    from django.db.models import Q

    from amana.trust.access.rules import Rule
    from amana.trust.vault import removal, rules

    def where(user: Any) -> Q:
        waits = Q(status="proposed") & ~Q(proposed_by=user)
        return waits & rules.answer_for_person.where(user)

    put(removal, confirm_removal=Rule("confirm_removal", where))


@fault(ALONE)
def keys_taken_without_delay() -> None:
    """Keys are gone the moment that the second person has confirmed."""
    from datetime import timedelta

    from amana.trust.vault import removal

    put(removal, compute_delay=lambda made: timedelta(0))


@fault(ALONE)
def keys_destroyed_at_once() -> None:
    """What was taken away is destroyed the next time that the clock comes by."""
    from amana.trust.vault.models import KeyRemoval

    put(KeyRemoval, can_be_undone=property(lambda self: False))


@fault(f"{VAULT}/test_removal.py")
def floor_ignored() -> None:
    """The last keyholder of a team is taken out without another word."""
    from amana.trust.vault import floor

    put(floor, find_shortfall=lambda *rows, without: floor.Shortfall())


@fault(f"{VAULT}/test_removal.py")
def old_wraps_put_back() -> None:
    """What colleagues sealed anew gets its old wraps again, which open nothing."""
    from amana.trust.vault import tombstones

    put(tombstones, _mark=lambda row: "as it was")


@fault(f"{VAULT}/test_removal.py")
def sheet_of_a_leaver() -> None:
    """Who was made to leave lets themselves in again with their recovery sheet."""
    from amana.trust.vault import removal
    from amana.trust.vault.models import KeyRemoval

    def in_effect(user: Any, why: Any) -> Any:
        return KeyRemoval.objects.filter(user=user, status="effective")

    put(removal, find_effective_removals=in_effect)


@fault(f"{VAULT}/test_removal.py")
def code_that_takes_keys() -> None:
    """Whoever gets a code for an account joins in the place of its keys."""
    from amana.trust.vault import leaving

    put(leaving, is_last_holder=lambda user: False)


@fault(f"{VAULT}/test_admission.py")
def thief_reads_on() -> None:
    """The team's key stays what it was after a colleague's keys were stolen."""
    from amana.trust.vault import leaving

    put(leaving, expose_team_keys=lambda user, *, team=None: None)


@fault("amana/trust/access/tests/test_suspending.py")
def one_suspends_the_house() -> None:
    """One person suspends everybody in a minute."""
    from amana.trust.access import actions

    put(actions, MOST_A_DAY=1000)


@fault("amana/trust/access/tests/test_suspending.py")
def nobody_left_to_lift() -> None:
    """The last who could lift a suspension are suspended."""
    from amana.trust.access import actions

    put(actions, FEWEST=0)


@fault("amana/trust/access/tests/test_suspending.py")
def renewal_forgets_the_suspended() -> None:
    """Suspending and renewing the key together take it from a colleague for ever."""
    from amana.trust.access.models import Suspension
    from amana.trust.vault import epochs

    nobody = SimpleNamespace(current=Suspension.objects.none)
    put(epochs, Suspension=SimpleNamespace(objects=nobody))


@fault("tests/architecture/test_traces.py")
def year_old_cookie() -> None:
    """A visit to a page for people leaves a cookie for a year."""
    from django.conf import settings

    settings.CSRF_COOKIE_AGE = 31449600


@fault("tests/architecture/test_traces.py")
def nothing_forgotten_on_leaving() -> None:
    """Leaving a page for people leaves its cookies behind."""
    from django.conf import settings
    from django.contrib.auth.decorators import login_not_required
    from django.shortcuts import redirect

    from amana.ui import views

    put(
        views,
        leave=login_not_required(lambda request: redirect(settings.QUICK_EXIT_URL)),
    )


@fault(f"{VAULT}/test_removal_at_once.py", on_postgresql=True)
def two_at_once_pass_the_floor() -> None:
    """Two who take keys of one team away at once don't see each other."""
    from amana.trust.vault import removal

    put(removal, lock_teams=lambda user: None)


# --- meetings without a network


@fault(f"{MEETINGS}/test_actions.py")
def meeting_said_now() -> None:
    """A consent of yesterday, given without a network, is dated today."""
    from django.utils import timezone

    from amana.care.meetings import actions

    put(actions, compute_answer_time=lambda ms, meeting: timezone.now())


@fault(f"{MEETINGS}/test_actions.py")
def meeting_answer_of_long_ago() -> None:
    """A yes of months ago is sent as if it still stood."""
    from datetime import timedelta

    from amana.care.meetings import actions

    put(actions, LONGEST_ANSWER=timedelta(days=500), LONGEST_AGO=timedelta(days=500))


@fault(f"{MEETINGS}/test_actions.py")
def meeting_sent_of_someone_known() -> None:
    """Someone who may be known already is asked for again."""
    from amana.care.meetings import actions

    put(actions, find_known_people=lambda records, by: [])


@fault(f"{MEETINGS}/test_actions.py")
def meeting_asks_closed_services() -> None:
    """A service that has closed since the meeting is asked all the same."""
    from amana.care.meetings import actions

    put(actions, _is_left_out=lambda service, need, taken: False)


@fault(f"{MEETINGS}/test_actions.py")
def meeting_lost_to_a_refusal() -> None:
    """What is refused of a meeting undoes all of it."""
    from amana.care.meetings import actions

    put(actions, _tried=lambda taken, act: act())


@fault(f"{MEETINGS}/test_actions.py")
def meeting_forgets_what_does_not_fit() -> None:
    """Answers of an older form that no longer fit are dropped without a word."""
    from amana.care.meetings.sheet import MeetingAnswers

    right = MeetingAnswers.leave_out_what_does_not_fit

    def leave_out(self: MeetingAnswers) -> None:
        right(self)
        self.left.clear()

    put(MeetingAnswers, leave_out_what_does_not_fit=leave_out)


@fault(f"{MEETINGS}/test_actions.py")
def draft_keys_stay_behind() -> None:
    """A new epoch of a team's key leaves the keys of drafts under the old one."""
    from amana.trust.vault import epochs

    epochs.SEALED[:] = epochs.SEALED[:4]


@fault(f"{MEETINGS}/test_actions.py")
def draft_key_believed() -> None:
    """A secret of drafts that someone exchanged in the database is used."""
    from amana.trust.vault import keys

    put(keys, require_own=lambda pair, public: None)


@fault(f"{MEETINGS}/test_views.py")
def meeting_kit_with_hidden_houses() -> None:
    """A device gets the names of houses that its worker may not see."""
    from amana.care.meetings import houses
    from amana.design.directory.models import Service

    def houses_for(teams: Any, *, user: Any) -> list[Any]:
        return [
            houses.CandidateHouse(service, False) for service in Service.objects.all()
        ]

    from amana.care.meetings import kit

    put(kit, list_houses=houses_for)


@fault(f"{MEETINGS}/test_actions.py")
def draft_key_without_a_voucher() -> None:
    """A pair of keys of drafts that someone exchanged in the database is used."""
    from amana.trust.vault import crypto

    put(crypto, is_vouched=lambda key, voucher, *statement: True)


@fault(f"{MEETINGS}/test_houses.py")
def houses_from_nowhere() -> None:
    """A device offers services in an order that knows nothing of where one is."""
    from amana.care.meetings import kit

    put(kit, find_meeting_area=lambda teams: None)


@fault(f"{MEETINGS}/test_actions.py")
def meeting_known_by_its_id() -> None:
    """A device deletes its answers because something else came under their id."""
    from amana.care.meetings import actions
    from amana.care.meetings.models import Meeting

    put(actions, _known=lambda sent: Meeting.objects.get(pk=sent.pk))


@fault(f"{MEETINGS}/test_actions.py")
def meeting_by_any_clock() -> None:
    """A sender gives an old yes any time by what they say of the device's clock."""
    from datetime import timedelta

    from amana.care.meetings import actions

    put(actions, MOST_OFFSET=timedelta(days=500))


@fault(f"{MEETINGS}/test_actions.py")
def draft_of_any_colleague() -> None:
    """A colleague on the same device sends what another recorded as their own."""
    from amana.trust.vault import drafts

    put(
        drafts,
        bind_to_sender=lambda draft, key, sender: drafts.bind_place(
            "draft", key, draft
        ),
    )


@fault(f"{MEETINGS}/test_screenings.py")
def screening_by_the_hand_of_a_colleague() -> None:
    """Who does not work on a case writes into it when a colleague opens it."""
    from amana.care.cases.models import Case
    from amana.care.meetings import screenings

    right = screenings._case

    def found(meeting: Any, content: Any, *, by: Any) -> Case:
        meeting.met_by = by
        return right(meeting, content, by=by)

    put(screenings, _case=found)


@fault(f"{MEETINGS}/test_screenings.py")
def screening_counted_from_when_it_was_asked() -> None:
    """A screening that comes late is destroyed the next night."""
    from amana.care.screening.models import ScreeningQuerySet

    def stale(self: Any, before: Any) -> Any:
        return self.waiting().filter(screened_at__lte=before)

    put(ScreeningQuerySet, stale=stale)


@fault(f"{MEETINGS}/test_screenings.py")
def screening_made_twice() -> None:
    """A screening that the page has sent already is made once more by the device."""
    from amana.care.meetings import screenings

    put(screenings, find_made=lambda meeting: None)


@fault(f"{MEETINGS}/test_screenings.py")
def screening_asked_by_who_opens_it() -> None:
    """Who opens a screening that a colleague asked stands as who asked."""
    from amana.care.screening import actions

    right = actions.screen_person

    def screen(*args: Any, asked_by: Any = None, **asked: Any) -> Any:
        return right(*args, **asked)

    put(actions, screen_person=screen)


@fault(f"{VAULT}/test_removal.py")
def undone_place_ends_at_once() -> None:
    """One person ends a place that keys came back to, and the keys with it."""
    from amana.trust.vault import removal

    put(removal, has_keys_to_take=lambda place: place.confirmed_at is not None)


@fault(f"{VAULT}/test_removal.py")
def unconfirmed_place_takes_keys() -> None:
    """Ending a place that nobody confirmed destroys keys that open something."""
    from amana.trust.vault import leaving

    put(leaving, can_open_anything=lambda user: False)


@fault(f"{VAULT}/test_removal.py")
def proposal_gives_a_say() -> None:
    """A supervisor has a say over the keys of people they have only proposed."""
    from amana.trust.access.models import MembershipQuerySet

    put(MembershipQuerySet, active=lambda self: self.filter(ended_at=None))


ALARMS = "amana/trust/alarms/tests"


@fault(f"{ALARMS}/test_alarms.py")
def own_days_raise_the_budget() -> None:
    """Who looks at a little more each day makes much looking usual for themselves."""
    from amana.trust.alarms import budgets

    whole = budgets.compute_budget

    def budget(kind: Any, role: str, user: Any, on: Any) -> int:
        from amana.trust.access.models import User

        return whole(kind, role, User(pk=-1), on)

    put(budgets, compute_budget=budget)


@fault(f"{ALARMS}/test_alarms.py")
def own_alarm_is_settled() -> None:
    """Who set an alarm off sees it, and says that all is well."""
    from amana.trust.access.rules import EVERYTHING, define_rule
    from amana.trust.alarms import actions

    put(actions, settle_alarm=define_rule(lambda user: EVERYTHING))


@fault(f"{ALARMS}/test_alarms.py")
def alarm_tells_one() -> None:
    """Who leads the team is told alone, and may be the one who looks."""
    from amana.trust.alarms import actions

    put(actions, BESIDE=())


@fault(f"{ALARMS}/test_alarms.py")
def looking_is_not_slowed_down() -> None:
    """Only what is sent counts against the pace, as in allauth's own limits."""
    from amana.trust.access import http

    put(http, within_limit=lambda request, action, **whose: request.method == "GET")


HEARTBEAT = f"{VAULT}/test_heartbeat.py"


@fault(HEARTBEAT)
def clock_believed_after_a_jump() -> None:
    """Timers destroy by a clock that jumped ten years ahead."""
    from amana.trust.vault import heartbeat

    put(heartbeat, is_plausible=lambda last, now: True)


@fault(HEARTBEAT)
def clock_believed_step_by_step() -> None:
    """Each reading is compared with the one before, so that small steps add up."""
    from amana.trust.vault import heartbeat
    from amana.trust.vault.models import Heartbeat

    beat = heartbeat.record_heartbeat

    def forgetful() -> bool:
        good = beat()
        if good:
            Heartbeat.objects.update(booted_at=heartbeat.read().booted_at)
        return good

    put(heartbeat, record_heartbeat=forgetful)


@fault(HEARTBEAT)
def removal_final_by_a_jump() -> None:
    """Keys that were set aside are destroyed, or taken, by a clock in doubt."""
    from amana.trust.vault import heartbeat

    put(heartbeat, require_clock=lambda: None)


@fault(HEARTBEAT)
def doubt_ends_by_itself() -> None:
    """A clock that was set back is believed again, though nobody confirmed it."""
    from amana.trust.vault import heartbeat
    from amana.trust.vault.models import Heartbeat

    beat = heartbeat.record_heartbeat

    def forgiving() -> bool:
        Heartbeat.objects.update(doubted_at=None)
        return beat()

    put(heartbeat, record_heartbeat=forgiving)


EMERGENCY_ACCESS = "amana/care/emergency_access/tests"


@fault(f"{EMERGENCY_ACCESS}/test_emergency_access.py")
def emergency_lasts_until_a_timer_runs() -> None:
    """What was opened in an emergency stays open where no timer runs."""
    from amana.care.cases.models import AssignmentQuerySet

    put(AssignmentQuerySet, current=lambda self: self.filter(ended_at=None))


@fault(f"{EMERGENCY_ACCESS}/test_emergency_access.py")
def emergency_opens_other_teams() -> None:
    """A reference opens a case of any team to whoever holds some team's keys."""
    from django.db.models import Q

    from amana.care.emergency_access import actions
    from amana.trust.access.rules import define_rule

    put(actions, open_in_emergency=define_rule(lambda user: Q(restricted=False)))


@fault(f"{EMERGENCY_ACCESS}/test_emergency_access.py")
def emergency_is_reviewed_by_its_own() -> None:
    """A supervisor says of themselves that it was right."""
    from amana.care.emergency_access import actions
    from amana.care.emergency_access.rules import see_emergency_access

    put(actions, review_emergency_access=see_emergency_access)


@fault(f"{EMERGENCY_ACCESS}/test_emergency_access.py")
def emergency_tells_the_team_alone() -> None:
    """Those who work on the case and lead the team are told, and nobody beside them."""
    from amana.care.emergency_access import actions

    put(actions, _people=lambda *among, but: given_by_team(among, but))


def given_by_team(among: Any, but: int) -> Any:
    from amana.trust.access.models import User

    first = User.objects.filter(pk__in=among[0])
    return list(first.exclude(pk=but))


def believe_rows() -> None:
    from amana.trust.vault import roster

    put(roster, _vouched=lambda known, holder: bytes(holder.public))


@fault(f"{VAULT}/test_documents.py")
def exchanged_key_gets_a_kept_case() -> None:
    """A case is kept to whatever public key of a colleague lies in the database."""
    believe_rows()


@fault(f"{VAULT}/test_cards.py")
def exchanged_key_gets_the_card() -> None:
    """The name on the card of a kept case goes to an exchanged key."""
    believe_rows()


@fault(f"{VAULT}/test_disclosures.py")
def exchanged_key_gets_what_is_shared() -> None:
    """What is shared of a kept case is sealed to an exchanged key of a colleague."""
    believe_rows()


@fault(f"{EMERGENCY_ACCESS}/test_emergency_access.py")
def emergency_becomes_the_lead() -> None:
    """Who opened a case in an emergency comes to lead it when its lead leaves."""
    from amana.care.cases.models import AssignmentQuerySet

    put(AssignmentQuerySet, lasting=lambda self: self.current())


@fault(f"{EMERGENCY_ACCESS}/test_emergency_access.py")
def emergency_opens_again_at_once() -> None:
    """What a review found wrong is done again in the same minute."""
    from amana.care.emergency_access import actions

    put(actions, _was_wrong=lambda case, by: False)


@fault(f"{ALARMS}/test_alarms.py")
def incident_lifts_the_pace() -> None:
    """An alarm that was a data incident lets the account go on as before."""
    from amana.trust.alarms.models import Alarm

    put(Alarm, Outcome=SimpleNamespace(EXPLAINED="incident"))


RETENTION = "amana/trust/retention/tests"
ERASING = f"{RETENTION}/test_erasing.py"
TWO_PEOPLE = f"{RETENTION}/test_two_people.py"


@fault(ERASING)
def restored_copy_opens() -> None:
    """An older copy of the database opens what was erased since."""
    from amana.trust.vault import erased

    put(erased, require_applied=lambda: None)


@fault(ERASING)
def row_alone_destroys() -> None:
    """A date that someone wrote into the database erases a living case."""
    from amana.trust.retention import proof

    put(proof, is_logged=lambda *said, **more: True)


@fault(ERASING)
def event_dated_back() -> None:
    """An event that was put in today, and dated back, ends a case."""
    from amana.trust.retention import proof

    put(proof, _is_orderly=lambda event: True)


@fault(ERASING)
def event_that_was_never_sealed() -> None:
    """An event that is in the table, and not in the log, ends a case."""
    from amana.trust.audit import sealing

    put(sealing, find_proved_position=lambda event: 0)


@fault(ERASING)
def nobody_asked_for_many() -> None:
    """All cases can go in one night."""
    from amana.trust.retention import erasing

    put(erasing, _require_usual=lambda *said: None)


@fault(TWO_PEOPLE)
def request_of_nobody() -> None:
    """A request that two people never decided erases a case."""
    from amana.trust.retention import proof

    put(proof, is_decided=lambda request, now: True)


@fault(ERASING)
def list_forgets_its_keys() -> None:
    """A key that stands on the list of what was erased still opens."""
    from amana.trust.vault import erased

    put(erased, is_key_erased=lambda key: False)


@fault(ERASING)
def list_is_a_weapon() -> None:
    """A line that the log's key never signed destroys a case."""
    from amana.trust.audit import log_keys

    put(log_keys, is_signed=lambda purpose, text, signature: True)


@fault(ERASING)
def erased_with_search_card_left() -> None:
    """The name that a list shows outlives the case."""
    from amana.trust.vault import documents

    shred = documents.shred

    def leave(case: Any) -> None:
        from amana.trust.vault.models import SearchCard

        cards = list(SearchCard.objects.filter(case=case))
        shred(case)
        SearchCard.objects.bulk_create(cards)

    put(documents, shred=leave)


@fault(ERASING)
def tombstones_keep_a_shredded_case() -> None:
    """Keys that were set aside still open what was shredded."""
    from amana.trust.vault import tombstones

    put(tombstones, forget=lambda case: None)


@fault(ERASING)
def child_erased_as_an_adult() -> None:
    """A child's case goes five years after it was closed."""
    from amana.care.cases.actions import closures

    put(closures, read_birth_year=lambda case, *, by: None)


@fault(ERASING)
def law_says_nothing() -> None:
    """The law of the mechanism doesn't shorten how long a case is kept."""
    from amana.trust.retention import terms

    put(terms, load=lambda: terms.USUAL)


@fault(ERASING)
def refusal_goes_before_the_yes() -> None:
    """A no is forgotten while an older yes is good, which then counts again."""
    from amana.care.consent import retention
    from amana.trust.retention.record_kinds import KINDS

    def expired(terms: Any, now: Any) -> Any:
        before = terms["refusal"].before(now)
        return retention.find_refusals().filter(asked_at__lte=before)

    from dataclasses import replace

    place = next(n for n, kind in enumerate(KINDS) if kind.code == "refusal")
    KINDS[place] = replace(KINDS[place], expired=expired)


@fault(TWO_PEOPLE)
def hold_overlooked() -> None:
    """What a hold keeps is erased when its time is over."""
    from amana.trust.retention import erasing

    put(erasing, _is_held=lambda record, now: False)


@fault(TWO_PEOPLE)
def hold_lifted_by_one() -> None:
    """One person lifts a hold, or two of one office erase a case."""
    from amana.trust.retention import rules

    put(rules, find_teammates=lambda user: [])


@fault(TWO_PEOPLE)
def request_carried_out_at_once() -> None:
    """What two people granted is erased without the delay."""
    from datetime import timedelta

    from amana.trust.retention import models

    put(models, DELAY=timedelta(0))


@fault(TWO_PEOPLE)
def unconfirmed_hold_never_lapses() -> None:
    """One person keeps a record for ever."""
    from datetime import timedelta

    from amana.trust.retention import models

    put(models, CONFIRMED_WITHIN=timedelta(days=36500))


@fault("tests/properties/test_thirty_years.py")
def erased_a_day_early() -> None:
    """A record goes the night before its time is over."""
    from datetime import timedelta

    from amana.trust.retention.terms import RetentionTerm

    before = RetentionTerm.before
    put(RetentionTerm, before=lambda self, end: before(self, end + timedelta(days=1)))


# --- the log, held to what others have seen of it

ANCHOR = f"{AUDIT}/test_anchor.py"
WITNESS = "amana/trust/witness/tests"


@fault(ANCHOR)
def anchor_not_compared() -> None:
    """The log is signed again, however short it has become."""
    from amana.trust.audit import anchor

    put(
        anchor,
        require_anchor=lambda notes, newest, size, root: notes[0] if notes else "",
    )


@fault(ANCHOR)
def anchor_compared_by_size_alone() -> None:
    """A log that was forked and has the right length is signed again."""
    from amana.trust.audit import anchor

    as_it_is = anchor.require_anchor

    def by_size(notes: Any, newest: Any, size: int, root: Any) -> str:
        sizes = {anchor.parse_head(note).size: note for note in notes}
        return sizes.get(size) or as_it_is(notes, newest, size, root)

    put(anchor, require_anchor=by_size)


@fault(ANCHOR)
def anchor_holds_only_the_last() -> None:
    """The file lacks the next checkpoint while sealing: a kill stops everyone."""
    from amana.trust.audit import anchor, sealing

    as_it_is = anchor.record_signed
    put(
        sealing,
        anchor=other(anchor, record_signed=lambda *notes: as_it_is(notes[0])),
    )


@fault(ANCHOR)
def thinned_before_sealing() -> None:
    """Nobody compares what was sealed with what the request wrote."""
    from amana.trust.audit import sealing

    put(sealing, _checked=lambda recorded: (set(), []))


@fault(ANCHOR)
def file_gone_and_nobody_misses_it() -> None:
    """Whoever takes the file away may cut the log back."""
    from amana.trust.audit import anchor

    as_it_is = anchor.require_anchor

    def trusting(notes: Any, newest: Any, size: int, root: Any) -> str:
        return as_it_is(notes, newest, size, root) if notes else ""

    put(anchor, require_anchor=trusting)


@fault(f"{WITNESS}/test_device.py")
def restoration_by_a_row() -> None:
    """A row that says a new log has begun is believed without its signed entry."""
    from amana.trust.audit import sealing

    put(sealing, _is_declared=lambda database, start: True)


@fault(f"{WITNESS}/test_restorations.py")
def restoration_by_one() -> None:
    """One person declares a restoration alone."""
    from amana.trust.witness import restorations

    put(restorations, confirm_restoration=restorations.withdraw_restoration)


@fault(f"{WITNESS}/test_restorations.py")
def pages_go_on_in_doubt() -> None:
    """The log is in doubt, and pages show what may be yesterday's."""
    from amana.trust.witness import gate

    put(gate, is_shut=lambda: False)


@fault(f"{WITNESS}/test_restorations.py")
def restoration_names_an_older_checkpoint() -> None:
    """The new log names what the database has, and not what was seen last."""
    from amana.trust.audit import log_restart

    def stored() -> str:
        return log_restart.Checkpoint.objects.latest("size").note

    put(log_restart, find_last_seen=stored)


@fault(f"{WITNESS}/test_restorations.py")
def doubt_that_nobody_hears_of() -> None:
    """The log is cut back, and neither a mail nor a notification says so."""
    from amana.trust.witness import findings

    put(findings, list_people_to_notify=lambda: [])


@fault(f"{WITNESS}/test_device.py")
def device_not_asked() -> None:
    """A colleague's device has seen more, and nobody looks at its cookie."""
    from amana.trust.witness import device

    put(device, check_device=lambda request: None)


@fault(f"{WITNESS}/test_device.py")
def cookie_of_anyones_making() -> None:
    """A checkpoint in a cookie is believed without the log's signature."""
    from amana.trust.witness import device

    put(device, read_checkpoint=lambda note, key: None)


@fault(f"{WITNESS}/test_device.py")
def cookie_on_pages_for_people() -> None:
    """A page for people leaves a cookie on the device for a month."""
    from amana.trust.witness import middleware

    put(middleware, is_for_staff=lambda request: True)


@fault(f"{WITNESS}/test_device.py")
def act_sealed_after_its_answer() -> None:
    """An act may be undone unseen: the device that did it holds nothing of it."""
    from amana.trust.witness import middleware

    put(middleware, SAFE=frozenset({"GET", "POST"}))


@fault(f"{WITNESS}/test_witnesses.py")
def fork_cosigned() -> None:
    """A witness cosigns what doesn't extend what it has seen."""
    from amana.trust.audit import offline_witness

    put(offline_witness, is_consistent=lambda *what: True)


@fault(f"{WITNESS}/test_witnesses.py")
def cut_log_cosigned() -> None:
    """A witness believes where the log says it was seen last."""
    from amana.trust.witness import cosigning

    as_it_is = cosigning.check_request

    def trusting(request: Any, key: Any, size: int, root: bytes) -> None:
        as_it_is(request, key, request.old, root)

    put(cosigning, check_request=trusting)


@fault(f"{WITNESS}/test_witnesses.py")
def one_witness_counts_twice() -> None:
    """Two signatures of one witness are taken for two witnesses."""
    from amana.trust.audit import offline_verifier

    as_it_is = offline_verifier.find_cosigners

    def by_line(note: str, witnesses: Any) -> dict[str, int]:
        found = {}
        for key in witnesses:
            for name, at in as_it_is(note, [key]).items():
                found[f"{name}{key.id.hex()}"] = at
        return found

    put(offline_verifier, find_cosigners=by_line)


@fault(f"{WITNESS}/test_witnesses.py")
def cosignature_not_checked() -> None:
    """Whatever a witness answers is kept as its signature."""
    from amana.trust.witness import asking

    put(asking, find_cosigning_time=lambda key, raw, text: 1)


@fault(f"{WITNESS}/test_witnesses.py")
def lying_witness_stops_everyone() -> None:
    """A witness that only says it has seen more puts the log in doubt."""
    from amana.trust.witness import asking

    def believed(witness: Any, size: int) -> None:
        note = asking.find_newest_checkpoint().note
        asking.sealing.record_device_doubt(note.replace("\n", "\n9", 1))

    put(asking, _note_ahead=believed)


@fault(f"{WITNESS}/test_witnesses.py")
def witness_chosen_by_one() -> None:
    """One administrator chooses a witness alone."""
    from amana.trust.witness import actions

    put(actions, confirm_witness=actions.end_witness)


@fault("amana/care/consent/tests/test_rules.py")
def disclosure_open_to_screeners() -> None:
    """Whoever holds a team's key opens what was shared with it, though they may not
    read the referral."""
    from amana.care.consent import rules

    put(rules, ANSWERING=sorted(rules.KEYHOLDERS))


# --- outages


@fault(f"{REFERRALS}/test_escalation.py")
def outage_takes_their_time() -> None:
    """Who could not be told during an outage is late at its end."""
    from amana.care.referrals import escalation

    put(escalation, restart_clocks_after_outage=lambda moment: None)


@fault(f"{REFERRALS}/test_escalation.py")
def outage_made_good_each_night() -> None:
    """A server that is off each night never says that nobody answers."""
    from django.db.models import Q

    from amana.care.referrals import models

    missed_by = models.ReferralQuerySet.missed_by

    def again(self: Any, began: Any, ended: Any) -> Any:
        before = Q(restarted_at__lt=ended, due_at__gt=began)
        return missed_by(self, began, ended) | self.filter(before)

    models.ReferralQuerySet.missed_by = again
    from amana.care.referrals import actions

    restart = actions.restart_clock

    def anew(referral: Any, *, at: Any) -> bool:
        type(referral).objects.filter(pk=referral.pk).update(restarted_at=None)
        return restart(referral, at=at)

    put(actions, restart_clock=anew)


@fault(f"{REFERRALS}/test_escalation.py")
def expires_by_doubted_clock() -> None:
    """A clock that jumped ten years ends each request that waits."""
    from amana.care.referrals import escalation
    from amana.trust.vault import heartbeat

    believing = other(heartbeat, is_in_doubt=lambda: False)
    put(escalation, heartbeat=believing)


@fault(f"{REFERRALS}/test_escalation.py")
def told_and_expired_at_once() -> None:
    """After a silence of the clock all are told, and it expires, in one minute."""
    from amana.care.referrals import escalation

    after = escalation._after

    def by_schedule(referral: Any, told: int, moment: Any) -> Any:
        return after(referral, told, min(moment, referral.tell_at))

    put(escalation, _after=by_schedule)


# --- where a safe house is, and when someone came


IMPORTS = "amana/exchange/imports/tests/test_actions.py"


@fault(IMPORTS)
def import_row_keeps_secret_address() -> None:
    """A place that is secret by now still has its street in the rows of an import."""
    from amana.exchange.imports import actions

    put(actions, forget_address=lambda service: None)


@fault(IMPORTS)
def file_brings_secret_address() -> None:
    """A file that names the street of a secret place leaves it in its rows."""
    from amana.exchange.imports import actions

    put(actions, remove_location=dict, find_hidden_ids=lambda origin, ids: set())


@fault(IMPORTS)
def lost_part_keeps_its_address() -> None:
    """What became no service is kept whole, its address with it."""
    from amana.exchange.imports import actions

    put(actions, reduce_to_name=lambda found: found)


@fault(f"{DIRECTORY}/test_views.py")
def places_taken_shown_to_all() -> None:
    """Everyone who sees a safe house sees when someone came."""
    from django.db.models import Q

    from amana.design.directory import views
    from amana.trust.access.rules import define_rule

    put(views, see_places_taken=define_rule(lambda user: Q()))


@fault(f"{DIRECTORY}/test_views.py")
def minute_of_a_bed_kept() -> None:
    """The history of a safe house holds the minute in which a place was taken."""
    from amana.design.directory import actions

    put(actions, _day_of=lambda moment: moment)


@fault("amana/exchange/hsds/tests/test_round_trip.py")
def export_counts_a_safe_house() -> None:
    """Whoever fetches the directory each minute sees when someone came."""
    from amana.exchange.hsds import writing

    capacities_of = writing.build_capacities

    def all_of(service: Any) -> Any:
        service.hidden = False
        return capacities_of(service)

    put(writing, build_capacities=all_of)


# --- what a stolen disk tells


@fault("amana/care/cases/tests/test_actions.py")
def closure_reason_in_the_log() -> None:
    """The log's details say in the clear who was deported."""
    from amana.care.cases.actions import closures

    close = closures._close

    def told(case: Any, closure: Any, reason: str, child: Any, *, by: Any) -> Any:
        closures.log.record("noted", case, by=by, case=case.pk, reason=reason)
        return close(case, closure, reason, child, by=by)

    put(closures, _close=told)


@fault(CLOSURE)
def need_kind_in_the_log() -> None:
    """The log's details say in the clear what exactly a person needs."""
    from amana.care.cases.actions import needs, opening

    write_need = needs.write_need

    def told(case: Any, asked: Any, *, by: Any) -> Any:
        need = write_need(case, asked, by=by)
        kind = str(asked.type)
        needs.log.record("noted", need, by=by, case=case.pk, type=kind)
        return need

    put(needs, write_need=told)
    put(opening, write_need=told)


@fault("amana/care/cases/tests/test_actions.py")
def need_kind_beside_the_seal() -> None:
    """What exactly is needed waits in the clear with what can be undone."""
    from amana.care.cases.actions import needs

    settle = needs.settle_need

    def told(need: Any, *, status: str, by: Any, reason: str = "") -> Any:
        needs.need_kinds.learn([need], by=by)
        needs.pending.hold_decision(
            needs.ANSWER,
            need,
            due_at=needs.timezone.now(),
            by=by,
            about=need.case_id,
            choices={"type": need.type.value},
        )
        return settle(need, status=status, by=by, reason=reason)

    put(needs, settle_need=told)


@fault("amana/insight/facts/tests/test_reactions.py")
def need_kind_in_what_is_counted() -> None:
    """What will be counted says beside the case's id for which help it was."""
    from amana.insight.facts import reactions

    def of(referral: Any, **said: str) -> dict[str, str]:
        return {"topic": "SH2", "urgency": referral.urgency, **said}

    put(reactions, build_referral_codes=of)


@fault(
    "tests/properties/test_altered_database.py"
    "::test_what_a_row_says_of_a_need_lets_nobody_hear_of_it"
)
def ceiling_by_the_row() -> None:
    """Whoever writes a need's group into the database decides who may hear of it."""
    from amana.care.consent import consent_questions
    from amana.design.directory.taxonomy import ServiceGroup

    in_bounds = consent_questions.require_in_bounds

    def by_row(recipients: Any, need: Any) -> None:
        need.know(ServiceGroup(need.group).types[0])
        in_bounds(recipients, need)

    put(consent_questions, require_in_bounds=by_row)


@fault(f"{REFERRALS}/test_views.py")
def help_told_by_the_row() -> None:
    """The recipient's page reads which help is asked for from the database."""
    from amana.care.referrals import outside_recipients
    from amana.design.directory.taxonomy import ServiceGroup

    def by_row(referral: Any, content: Any) -> None:
        referral.need.know(ServiceGroup(referral.need.group).types[0])

    put(outside_recipients, apply_help_asked=by_row)


@fault("amana/insight/facts/tests/test_reactions.py")
def closure_reason_waits_in_the_clear() -> None:
    """Why a case was closed waits beside its id until the team does something."""
    from amana.insight.facts import reactions

    put(
        reactions,
        record_clock_observations=lambda case, team, some: (
            reactions.record_others_observations(case, None, some)
        ),
    )


@fault("tests/architecture/test_stolen_disk.py")
def clear_column_unsaid() -> None:
    """A new column in the clear says something of a person, and no page says so."""
    from amana.care.cases.models import Case
    from amana.privacy import Privacy

    Case.Privacy.due_what = Privacy.SENSITIVE  # type: ignore[assignment]


# --- known elsewhere?

KNOWN = "amana/care/known_elsewhere/tests"


@fault(KNOWN)
def hit_told_at_once() -> None:
    """Whoever asked learns that she is known before anyone there has answered."""
    from amana.care.known_elsewhere import actions

    reply = actions.comparing_cards._reply

    def told(question: Any, content: Any, *, by: Any) -> None:
        found = actions.parcels.open_parcel(question.pk, by=by, purpose="test")
        case = next(iter(found.values())).get("case")
        reply(question, {"contact": {"name": "known"} if case else {}}, by=by)

    put(actions, _reply=told)


@fault(KNOWN)
def hit_in_the_log() -> None:
    """The log's reader sees whom another organisation knows."""
    from amana.care.known_elsewhere import actions

    known = actions.comparing_cards._known

    def logged(person: Any, team: Any, *, by: Any) -> Any:
        hit = known(person, team, by=by)
        if hit:
            actions.log.record("found", by=by, case=hit.case)
        return hit

    put(actions, _known=logged)


@fault(KNOWN)
def size_tells_a_hit() -> None:
    """Whoever holds the database reads from a size whether she is known."""
    from amana.care.known_elsewhere import actions

    put(actions, fill_to_size=lambda content: dict(content) | {"fill": "." * 900})
    found = actions.comparing_cards._compare

    def longer(question: Any, *, by: Any) -> None:
        found(question, by=by)
        opened = actions.parcels.open_parcel(question.pk, by=by, purpose="test")
        content = opened[actions.PART]
        more = dict(content) | {"fill": "." * (2000 if content["case"] else 900)}
        actions.parcels.rewrite(question.pk, {actions.PART: more}, by=by)

    put(actions, _compare=longer)


@fault(KNOWN)
def whole_house_sees_a_hit() -> None:
    """Everyone in the house learns that a case of theirs is asked about."""
    from django.db.models import Q

    from amana.care.known_elsewhere import actions
    from amana.trust.access.rules import define_rule

    put(actions, see_case=define_rule(lambda user: Q()))


@fault(KNOWN)
def telephone_alone_is_a_hit() -> None:
    """A stranger who shares a telephone is told of: those whom one trafficker holds."""
    from amana.care.known_elsewhere import actions

    put(actions, is_strong=lambda hit: True)


@fault(KNOWN)
def names_tried_without_end() -> None:
    """One person asks about a whole list of names."""
    from amana.care.known_elsewhere import actions

    put(actions, is_over_budget=lambda case, *, by: False)


@fault(KNOWN)
def police_asks_who_is_helped() -> None:
    """An office that looks for someone asks who helps them."""
    from amana.care.known_elsewhere import rules

    put(rules, APART=())


EXPORTS = "amana/trust/exports/tests/test_exports.py"


@fault(EXPORTS)
def large_export_by_one() -> None:
    """One person takes everyone's data out, alone."""
    from amana.trust.exports import actions

    put(actions, ALONE=10_000)


@fault(EXPORTS)
def large_export_in_pieces() -> None:
    """Twenty people's data at a time, ten times a day, need no second person."""
    from amana.trust.exports import actions

    put(actions, find_records_of_day=lambda user, now: set())


@fault(EXPORTS)
def export_approved_by_a_teammate() -> None:
    """Who sits beside them lets a large export go."""
    from django.db.models import Q

    from amana.trust.access.rules import define_rule
    from amana.trust.exports import actions

    put(actions, approve_export=define_rule(lambda user: ~Q(by=user)))


@fault(EXPORTS)
def export_unseen_by_the_person() -> None:
    """An export is in the log, and in no one's access list."""
    from amana.trust.audit import log
    from amana.trust.exports import actions

    def record(*said: Any, cases: Any = (), **more: Any) -> Any:
        return log.record(*said, **more)

    put(actions, log=SimpleNamespace(record=record))


@fault(EXPORTS)
def export_without_its_number() -> None:
    """What lies in a street doesn't say which export it was."""
    from amana.trust.exports.models import Export

    put(Export, code="00000000")


@fault(EXPORTS)
def export_of_what_is_seen_no_more() -> None:
    """Who has left the team takes what they asked for before."""
    from dataclasses import replace

    from amana.trust.exports import actions

    class Trusting(dict[str, Any]):
        def __getitem__(self, code: str) -> Any:
            kind = super().__getitem__(code)

            def find(user: Any, chosen: Any) -> Any:
                return kind.find(user, chosen) or {pk: pk for pk in chosen}

            return replace(kind, find=find)

    put(actions, KINDS=Trusting(actions.KINDS))


@fault(f"{ALARMS}/test_timer_runs.py")
def missed_timer_told_again_and_again() -> None:
    """A timer that stands still is told each minute, until nobody reads it."""
    from amana.trust.alarms import timer_runs

    put(timer_runs, _claim=lambda missed, now: True)


@fault(f"{ALARMS}/test_timer_runs.py")
def failed_timer_counts_as_run() -> None:
    """A timer that fails each time looks as if it ran."""
    from amana.trust.alarms import timer_runs

    look = timer_runs.notify_missed

    def looked() -> Any:
        timer_runs.record_run("chase_steps")
        return look()

    put(timer_runs, notify_missed=looked)


@fault(f"{ALARMS}/test_door.py")
def guesses_at_the_door_unnoticed() -> None:
    """Someone tries one passphrase with every account."""
    from amana.trust.alarms import actions

    put(actions, AT_THE_DOOR=10_000)


@fault(f"{VAULT}/test_sign_in.py::test_a_device_is_known_after_both_factors")
def device_not_recognised() -> None:
    """Who signs in somewhere else with a stolen passphrase is not noticed."""
    from amana.trust.access import devices

    put(devices, recognise=lambda request, user, answer: answer)


@fault("amana/trust/access/tests/test_devices.py")
def unknown_device_told_to_nobody() -> None:
    """A device not seen before is in the log, and the person hears nothing."""
    from amana.trust.access import devices

    put(devices, device_unknown=SimpleNamespace(send=lambda *said, **more: None))


PACKS = "amana/care/packs/tests/test_packs.py"
PACK_JOURNEY = "tests/journeys/test_offline_pack.py"


@fault(f"{PACKS}::test_a_pack_holds_20_cases_at_most")
def pack_of_any_size() -> None:
    """A whole caseload leaves on one telephone."""
    from amana.care.packs import pack_exports

    put(pack_exports, MOST_CASES=10_000)


@fault(f"{PACKS}::test_a_pack_opens_for_72_hours_at_most")
def pack_for_a_week() -> None:
    """A pack opens as long as its worker likes."""
    from amana.care.packs import actions

    put(actions, HOURS=range(10_000))


@fault(f"{PACKS}::test_a_revoked_pack_goes_at_the_next_contact")
def revoked_pack_stays() -> None:
    """A revoked pack may stay on the device."""
    from amana.care.packs.models import OfflinePack

    put(OfflinePack, is_live=True)


@fault(f"{PACKS}::test_a_pack_goes_with_the_case_the_place_or_the_account")
def pack_of_who_was_suspended_stays() -> None:
    """Who is kept out still has the cases on their telephone."""
    from amana.care.packs import actions

    put(actions, may_keep=lambda pack: pack.is_live)


@fault(f"{PACKS}::test_duress_tells_two_others_and_changes_nothing_that_is_seen")
def duress_slows_the_account() -> None:
    """Who forces a worker sees that the phrase has raised an alarm."""
    from amana.trust.alarms import actions

    put(actions, SILENT=frozenset())


@fault(f"{PACKS}::test_duress_tells_two_others_and_changes_nothing_that_is_seen")
def duress_tells_nobody() -> None:
    """A duress phrase deletes, and no one hears of it."""
    from amana.care.packs import actions

    put(actions, raise_alarm_once=lambda user, kind: None)


@fault(f"{PACK_JOURNEY}::test_ten_wrong_tries_wipe")
def pack_counts_no_tries() -> None:
    """A phrase may be guessed for as long as one likes."""
    alter_script("packs/pack.js", "if (row.tries >= TRIES)", "if (row.tries >= 1000)")


@fault(f"{PACK_JOURNEY}::test_a_pack_is_read_without_a_network_and_nothing_lies_open")
def pack_lies_open() -> None:
    """The cases lie in the browser as they are read."""
    alter_script(
        "packs/pack.js",
        "await shelf.put({ id, sealed:",
        "await shelf.put({ id, content, sealed:",
    )


@fault(
    f"{PACK_JOURNEY}::test_a_pack_ends_by_the_clock_and_opens_by_none_that_went_back"
)
def pack_opens_by_any_clock() -> None:
    """Who sets the clock back reads on."""
    alter_script("packs/pack.js", 'return "clock";', 'return "";')


@fault(f"{PACK_JOURNEY}::test_a_revoked_pack_is_wiped_within_five_seconds_of_contact")
def pack_hears_and_stays() -> None:
    """The device is told that its pack was revoked, and keeps it."""
    alter_script("packs/pack.js", 'if (state === "gone") await pack.wipe();', "")


# --- backups


BACKUP = "tests/reliability/test_backup.py"


@fault(BACKUP)
def keys_beside_what_they_open() -> None:
    """One archive of a backup holds the contents and the keys to them."""
    from amana.trust.backup import parts

    put(parts, list_key_tables=lambda: ["vault_personwrap"])


@fault("amana/trust/backup/tests/test_room.py")
def backup_begins_without_room() -> None:
    """After an hour the disk is full, and there is no backup."""
    from amana.trust.backup import room

    put(room, require_room=lambda folder, needed: None)


@fault("amana/trust/backup/tests/test_room.py")
def room_for_one_copy_alone() -> None:
    """A backup begins where only the database itself would have room."""
    from amana.trust.backup import making

    put(making, DUMPS_AT_ONCE=1)


@fault(BACKUP)
def one_key_for_both_archives() -> None:
    """Whoever is to keep the contents alone opens the keys too."""
    from amana.trust.backup import making

    said = making.settings
    real = making.get_recipients

    def recipients() -> Any:
        if said.BACKUP_DATA_RECIPIENT == said.BACKUP_KEYS_RECIPIENT:
            return dict.fromkeys(making.ArchivePart)
        return real()

    put(making, get_recipients=recipients)


@fault(BACKUP)
def restored_without_the_list() -> None:
    """What was erased since the copy comes back with it."""
    from amana.trust.backup import restoring

    put(restoring, erasing=other(restoring.erasing, apply=lambda path: (0, 0)))


@fault(BACKUP)
def restored_with_older_keys() -> None:
    """Keys that are older than the data are taken, and the newest cases open for
    nobody."""
    from amana.trust.backup import restoring

    put(restoring, require_fitting=lambda data, keys: None)


# --- any moment of PostgreSQL

COPIES = "amana/trust/backup/tests/test_copies.py"
MOMENTS = "tests/reliability/test_moments.py"


@fault(f"{COPIES}::test_neither_person_opens_it_alone")
def moment_sealed_to_one() -> None:
    """Who keeps the key of the contents alone opens what is kept of each moment."""
    from amana.trust.backup import copies
    from amana.trust.backup.parts import ArchivePart

    seal = copies.seal
    put(
        copies,
        seal=lambda plain, to, *, sealed_to: seal(
            plain, to, sealed_to=dict.fromkeys(ArchivePart, sealed_to[ArchivePart.DATA])
        ),
    )


@fault(f"{COPIES}::test_nothing_is_older_than_archives_of_keys_may_be")
def moments_kept_too_long() -> None:
    """What was erased can be brought back for longer than 14 days."""
    from datetime import timedelta

    from amana.trust.backup import copies

    put(copies, KEPT=timedelta(days=14))


@fault(f"{COPIES}::test_changes_that_no_copy_needs_go")
def changes_outlive_their_copy() -> None:
    """Changes stay that no copy precedes: nobody can use them but who looks for whom
    was erased."""
    from amana.trust.backup import copies

    put(copies, is_idle=lambda segment, first: False)


@fault(f"{COPIES}::test_a_segment_that_is_missing_in_the_middle_is_named")
def gap_goes_unnoticed() -> None:
    """PostgreSQL stops at a segment that is missing, and says nothing."""
    from amana.trust.backup import copies

    put(copies, choose_segments=lambda base, segments, at: segments)


@fault(f"{COPIES}::test_another_segment_of_its_name_is_never_replaced")
def segment_of_any_content_is_the_same() -> None:
    """Two servers keep into one folder, and what one of them has changed is dropped."""
    from dataclasses import replace

    from amana.trust.backup import archiving

    real = archiving.seal_segment

    def seal_segment(path: Any, folder: Any, system: str, known: Any, to: Any) -> bool:
        content = path.read_bytes()
        digest = archiving.hashlib.sha256(content).hexdigest()[:12]
        same = known and replace(known, digest=digest)
        return real(path, folder, system, same, to)

    put(archiving, seal_segment=seal_segment)


@fault(
    f"{MOMENTS}::test_a_moment_has_what_was_written_by_then_and_nobody_who_was_erased",
    on_postgresql=True,
)
def reads_past_the_moment() -> None:
    """The mistake that one wanted to go back from is in what is fetched."""
    from amana.trust.backup import moments

    real = moments.configure_server
    put(moments, configure_server=lambda data, at, sockets: real(data, None, sockets))


@fault(
    f"{MOMENTS}::test_keeping_that_is_killed_loses_no_segment",
    on_postgresql=True,
)
def let_go_before_it_is_sealed() -> None:
    """Killed between the two, a segment is nowhere any more."""
    import shutil

    from amana import on_disk
    from amana.trust.backup import archiving

    receive, alone = archiving.receive_segments, on_disk.lock_folder

    def received(raw: Path, slot: str, until: int) -> None:
        receive(raw, slot, until)
        with archiving.connect_server() as asked:
            archiving.ArchivingServer(asked).release(until)

    def alone_and_empty(folder: Path, *, busy: str) -> Any:
        if folder.name == ".wal":
            shutil.rmtree(folder, ignore_errors=True)
        return alone(folder, busy=busy)

    put(archiving, receive_segments=received)
    put(on_disk, lock_folder=alone_and_empty)


# --- promises that had a test and no fault (tests/promises.py)


@fault(
    "tests/journeys/test_screening_offline.py::"
    "test_what_is_unfinished_opens_by_the_passphrase_alone"
)
def draft_lies_open() -> None:
    """What is unfinished lies in the browser as it was typed."""
    alter_script(
        "vault/sealing.js",
        "const sealed = await sealTo(this.row.point, this.at(id), content);",
        "const sealed = encoder.encode(JSON.stringify(content));",
    )


@fault(f"{VAULT}/test_documents.py::test_without_a_log_row_nothing_is_read")
def read_though_the_log_failed() -> None:
    """A log that can't be written holds up nobody: the case opens all the same."""
    from django.db import DatabaseError

    from amana.trust.audit import log
    from amana.trust.vault import documents

    def record(*said: Any, **more: Any) -> Any:
        try:
            return log.record(*said, **more)
        except DatabaseError:
            return None

    put(documents, log=SimpleNamespace(record=record))


CASE_PAGES = "amana/care/cases/tests/test_views.py"


@fault(f"{CASE_PAGES}::test_whoever_tries_a_page_of_others_is_written_down")
def turned_away_unseen() -> None:
    """Who tries the pages of others leaves no line in the log."""
    from amana.trust.access import http

    put(http, record_attempt=lambda rule, thing, *, by, model=None: None)


@fault(
    f"{VAULT}/test_cards.py::"
    "test_a_search_is_in_the_access_list_of_each_case_that_it_showed"
)
def access_list_without_searches() -> None:
    """A person's access list leaves out the lists and searches that showed them."""
    from uuid import UUID

    from amana.trust.audit.models import AuditEventQuerySet

    def done_to(self: Any, case: UUID) -> Any:
        return self.filter(case=case)

    put(AuditEventQuerySet, touching_case=done_to)


@fault(
    "amana/care/referrals/tests/test_choosing.py::"
    "test_a_no_to_one_house_takes_nothing_else_away"
)
def one_no_counts_for_all() -> None:
    """Who says no to one house is offered none."""
    from amana.care.referrals import choosing
    from amana.trust.access.models import Team

    refused = choosing.find_refused_teams

    def all_of_them(case: Any) -> set[int]:
        return (
            set(Team.objects.values_list("pk", flat=True)) if refused(case) else set()
        )

    put(choosing, find_refused_teams=all_of_them)


@fault(
    "amana/care/referrals/tests/test_actions.py::"
    "test_a_message_outside_says_nothing_of_anyone"
)
def mail_says_what_it_is_about() -> None:
    """A mail says what is waiting, so that it needn't be looked up."""
    from amana.trust.access import tasks

    mailed = tasks._mailed

    def telling(address: str, subject: str, message: str, *, urgent: bool) -> Any:
        return mailed(address, f"{subject}: shelter", message, urgent=urgent)

    put(tasks, _mailed=telling)


@fault(f"{CONSENT}::test_a_suspected_guardian_cannot_agree")
def suspected_guardian_agrees() -> None:
    """A guardian under suspicion agrees for the child."""
    from amana.care.consent import guardianship

    put(guardianship, is_suspected=lambda identity: False)


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


@fault(
    "amana/trust/access/tests/test_suspending.py::"
    "test_one_person_keeps_another_out_at_once"
)
def suspended_and_still_in() -> None:
    """Who is suspended is kept out the next time that they sign in."""
    from amana.trust.access import sessions

    put(sessions, end_all_sessions=lambda user, *, but=None: 0)


@fault(
    "amana/trust/access/tests/test_limits.py::test_four_processes_together_have_five_tries"
)
def each_process_counts_alone() -> None:
    """Each process of the server counts tries for itself."""
    from django.core.cache import caches
    from django.core.cache.backends.locmem import LocMemCache

    caches["default"] = LocMemCache("alone", {})


@fault(f"{CASE_PAGES}::test_for_strangers_there_is_no_such_case")
def address_opens_any_case() -> None:
    """Whoever types the address of a case reads it."""
    from amana.care.cases.rules import see_case
    from amana.trust.access.rules import EVERYTHING

    object.__setattr__(see_case, "where", lambda user: EVERYTHING)


@fault("amana/ui/tests/test_shell.py::test_no_page_runs_a_script_that_stands_in_it")
def inline_scripts_run() -> None:
    """Scripts that stand in a page are run, whoever wrote them there."""
    from django.conf import settings
    from django.utils.csp import CSP

    settings.SECURE_CSP["script-src"] = [CSP.SELF, CSP.UNSAFE_INLINE]


@fault(f"{FILES}::test_the_copy_of_a_picture_says_nothing_of_place_or_camera")
def picture_tells_the_place() -> None:
    """What is shown of a picture still says where it was taken."""
    from amana.trust.vault import files

    copied = files.make_safe_copy
    put(files, make_safe_copy=lambda content, by: (copied(content, by)[0], content))


@fault(f"{FILES}::test_what_could_do_harm_is_refused")
def harm_let_in() -> None:
    """A file is taken for what its name says, and nobody looks into it."""
    from amana.trust.vault import files

    def by_name(content: bytes, name: str, **_by: Any) -> Any:
        clean = files.clean_name(name)
        return files.InspectedFile("application/pdf", clean, content, content, "")

    put(files, inspect_file=by_name)


# --- what others send


PATTERNS = "amana/design/forms/tests/test_patterns.py"
LENGTHS = "amana/design/forms/tests/test_lengths.py"
CONFINED = "amana/confined/tests/test_confined.py"
CRAWL = "tests/properties/test_crawl.py"


def alter_copied_script(name: str, before: str, after: str) -> None:
    """Let the tests that run our scripts in Node run one with a place altered."""
    from tests.peers import node

    copied = node.Scripts.__init__

    def copy(self: Any, folder: Path) -> None:
        copied(self, folder)
        script = Path(self.copy.name) / name
        text = script.read_text()
        assert text.count(before) == 1, f"{name} has no {before} any more"
        script.write_text(text.replace(before, after))

    put(node.Scripts, __init__=copy)


@fault(f"{PATTERNS}::test_what_is_not_understood_is_refused_saying_what_to_write")
def pattern_read_by_its_engine() -> None:
    """RE2 is given the author's own pattern, some of which it misreads."""
    import re2

    from amana.design.forms.engine import patterns

    put(patterns, compile_pattern=re2.compile)


@fault(f"{PATTERNS}::test_server_and_browser_give_one_answer")
def browser_leaves_out_the_last_of_a_range() -> None:
    """In the browser, [a-z] does not hold z."""
    alter_copied_script("patterns.js", "sign <= ranges[n + 1]", "sign < ranges[n + 1]")


@fault(f"{PATTERNS}::test_what_forms_use_is_read_as_their_authors_meant")
def dot_takes_the_end_of_a_line() -> None:
    """A dot in a pattern fits every sign."""
    from amana.design.forms.engine import patterns

    put(patterns, LINE_ENDS=[0, 0])


@fault(f"{LENGTHS}::test_a_chain_ends_in_words_and_keeps_each_answer")
def texts_grow_longer() -> None:
    """The server puts together longer texts than the browser."""
    from amana.design.forms.engine import functions

    put(functions, LONGEST=500_000)


@fault(f"{LENGTHS}::test_many_that_are_not_long_may_not_be_long_together")
def all_together_have_no_most() -> None:
    """Many calculations together may be as long as they like."""
    from amana.design.forms.engine.filling import FormSettlement

    settle = FormSettlement.settle

    def without_a_most(self: Any) -> None:
        self.left = 10**9
        settle(self)

    put(FormSettlement, settle=without_a_most)


@fault(CRAWL)
def forms_tried_by_anyone() -> None:
    """Whoever has signed in may try out forms, whatever they compute."""
    from amana.design.forms import views

    put(views, try_form=SimpleNamespace(require=lambda *_said: None))


@fault(f"{CONFINED}::test_what_is_too_much_comes_back_as_a_sentence")
def foreign_work_takes_what_it_likes() -> None:
    """The process that reads a foreign file has ten times the memory it should."""
    import amana.confined as confined

    answer_of = confined.ask_process

    def more(work: str, content: bytes, limits: Any, language: str) -> bytes:
        wide = confined.Limits(limits.memory * 10, limits.seconds, limits.answer)
        return answer_of(work, content, wide, language)

    put(confined, ask_process=more)


@fault(f"{CONFINED}::test_two_at_a_time_and_one_for_each_person")
def foreign_work_waits_for_nobody() -> None:
    """As many foreign files are read at a time as are sent."""
    import amana.confined as confined

    put(confined, AT_ONCE=100)


@fault(f"{CONFINED}::test_nothing_is_read_inside_a_transaction")
def files_are_read_while_the_lock_is_held() -> None:
    """What others sent is read wherever it is asked for."""
    import amana.confined as confined

    put(confined, require_no_transaction=lambda: None)


@fault(f"{CONFINED}::test_an_answer_of_a_hostile_process_holds_up_no_worker")
def foreign_answers_are_read_at_once() -> None:
    """A line of an answer is read however long it is, and whatever is in it."""
    from amana import answers

    put(answers, LONGEST=1 << 30, MOST_VALUES=1 << 30)


@fault(
    "amana/design/mechanism/documents/tests/test_drawing.py"
    "::test_a_pathway_that_nobody_can_follow_is_listed_and_not_drawn"
)
def drawn_without_end() -> None:
    """A drawing may have any number of lines."""
    from amana.design.mechanism.documents import layout

    put(layout, MOST=10**9)


@fault("amana/exchange/hsds/tests/test_bombs.py::test_all_tables_together_have_a_most")
def unpacked_without_end() -> None:
    """A table is unpacked as far as it goes."""
    from amana.exchange.hsds import tables

    put(tables, read_bounded=lambda package, entry, left: package.read(entry))


KILLED = "tests/reliability/test_kill.py"


@fault(f"{KILLED}::test_what_was_acknowledged_survives_being_killed")
def commit_does_not_wait_for_the_disk() -> None:
    """A commit is acknowledged before it is on the disk."""
    from django.db import connections

    options = connections.settings["default"]["OPTIONS"]
    before = options["init_command"]
    options["init_command"] = before.replace("synchronous=FULL", "synchronous=OFF")
    assert options["init_command"] != before


@fault("amana/ui/tests/test_outages.py::test_a_full_disk_is_said_plainly")
def full_disk_is_any_error() -> None:
    """Who works while the disk is full reads that something went wrong."""
    from amana.ui import outages

    put(outages, is_disk_full=lambda error: False)


@fault(
    "amana/ui/tests/test_once.py::"
    "test_the_same_form_twice_has_one_effect_and_leads_to_the_same_place"
)
def each_arrival_counts() -> None:
    """A form that comes twice has two effects."""
    from uuid import UUID, uuid4

    from amana.ui import once

    def claim(sender: str, key: UUID) -> Any:
        return once.Submission.objects.create(sender=sender, key=uuid4())

    put(once, claim_key=claim)


@fault(
    f"{VAULT}/test_documents.py::"
    "test_the_second_of_two_writers_is_told_and_changes_nothing"
)
def last_writer_wins() -> None:
    """Who saves last replaces what a colleague wrote meanwhile, unread."""
    from amana.trust.vault import documents
    from amana.trust.vault.models import Document

    write = documents.write

    def over_it(case: Any, compartment: Any, content: Any, **more: Any) -> int:
        there = Document.objects.filter(
            key__case=case,
            key__compartment=compartment,
            name=more.get("name", documents.RECORD),
        )
        last = there.order_by("-revision").values_list("revision", flat=True).first()
        return write(case, compartment, content, **more | {"replacing": last or 0})

    put(documents, write=over_it)


# --- what is signed of a case


ALTERED = "tests/properties/test_altered_database.py"


@fault(ALTERED)
def record_not_compared() -> None:
    """An older or deleted record passes, because no one compares it."""
    from amana.trust.vault import documents

    put(documents, compare_with_signed_revision=lambda signed, document: None)


@fault(ALTERED)
def missing_key_not_named() -> None:
    """A part whose keys were deleted looks empty."""
    from amana.trust.vault import documents

    put(documents, _named=lambda user: set())


@fault(ALTERED)
def holder_believed() -> None:
    """A key is sealed anew to whoever stands among its holders."""
    from amana.trust.vault import documents

    put(documents, _require_signed_holders=lambda keys, held: None)


@fault(ALTERED)
def facts_not_compared() -> None:
    """A moved flag or a widened consent passes."""
    from amana.trust.vault import manifest

    put(manifest, find_difference=lambda state, facts: None)


@fault(ALTERED)
def link_signed_by_anyone() -> None:
    """A link counts whoever signed it."""
    from amana.trust.vault import manifest

    put(manifest, is_rightly_signed=lambda link, state, known: True)


@fault(ALTERED)
def link_not_hashed() -> None:
    """What a link says can be rewritten."""
    from amana.trust.vault import manifest

    hashed = manifest.compute_link_hash

    def believed(chain: Any, link: Any) -> bytes:
        return bytes(link.hash) or hashed(chain, link)

    put(manifest, compute_link_hash=believed)


@fault(ALTERED)
def map_not_asked() -> None:
    """Old rows with their old manifest pass."""
    from amana.trust.vault import heads

    put(heads, find_heads=lambda chains: {})


@fault(ALTERED)
def bucket_not_compared() -> None:
    """A head that was moved back is believed."""
    from amana.trust.vault import heads
    from amana.trust.vault.models import CaseHead

    def believed(chains: Any) -> Any:
        rows = CaseHead.objects.filter(chain__in=list(chains))
        return {r.chain: heads.ChainHead(r.place, bytes(r.hash)) for r in rows}

    put(heads, find_heads=believed)


@fault(ALTERED)
def map_not_in_the_log() -> None:
    """An old map of heads is believed, whatever the log's last entry says."""
    from amana.trust.vault import heads
    from amana.trust.vault.models import HeadMap

    def believed(size: int, root: bytes) -> bytes | None:
        tops = HeadMap.objects.values_list("tops", flat=True).first()
        return bytes(tops) if tops else None

    believed.cache_clear = lambda: None  # type: ignore[attr-defined]
    put(heads, _proved=believed)


@fault(ALTERED)
def ended_copy_still_opens() -> None:
    """A withdrawn copy that was put back opens for its recipient."""
    from amana.trust.vault import disclosures

    put(disclosures, require_still_shared=lambda disclosure: None)


@fault(ALTERED)
def ended_hold_still_opens() -> None:
    """A copy that the recipient declined opens again once its key is put back."""
    from amana.trust.vault import disclosures

    put(disclosures, _require_reader=lambda disclosure, wraps: None)


@fault(ALTERED)
def withdrawal_not_signed() -> None:
    """The manifest goes on saying that she agreed."""
    from amana.care.consent import signed_consents

    put(signed_consents, record_end=lambda consent, *, by: None)


@fault(ALTERED)
def nobody_is_told_of_it() -> None:
    """The page stops, and nobody else hears of it."""
    from amana.trust.alarms import actions

    put(actions, record_altered=lambda what, **about: None)


@fault("tests/properties/test_honest_house.py")
def taken_keys_not_released() -> None:
    """Someone whose keys were taken is still named as a holder."""
    from amana.trust.vault import documents

    put(documents, release=lambda user, *, cases: None)


@fault("tests/properties/test_honest_house.py")
def leaver_not_countersigned() -> None:
    """What someone signed before they left stops every page once they have."""
    from amana.trust.vault import manifest

    put(manifest, countersign=lambda user: None)


@fault("tests/properties/test_altered_database.py")
def reader_of_a_row() -> None:
    """Whoever a row puts among those who hold what was shared gets its next key."""
    from amana.trust.vault import disclosures

    put(disclosures, _require_signed_holders=lambda held: None)


@fault("amana/care/requests/tests/test_race.py", on_postgresql=True)
def ends_hold_their_own_consent_alone() -> None:
    """Two consents of one case that end at once wait for each other."""
    from amana.care.consent import actions

    put(actions, lock_consents_of_cases=lambda cases: [])


@fault(f"{VAULT}/test_roster.py")
def gone_and_back_on_their_own_word() -> None:
    """Whoever was made to leave says themselves that their keys are theirs again."""
    from amana.trust.vault import statements

    gone = statements.RemovedPerson
    put(statements, RemovedPerson=lambda person, held, again: gone(person, held, True))


# --- a team that lost all its keys


@fault(RECOVERY)
def two_shares_suffice() -> None:
    """Two custodians together open what a team has kept."""
    from amana.trust.recovery import regaining, shares

    put(shares, ENOUGH=2)
    put(regaining, ENOUGH=2)


@fault(RECOVERY)
def one_word_regains() -> None:
    """Who proposed that someone regains a team's key confirms it too."""
    from amana.trust.recovery import regaining, rules

    put(regaining, confirm_regaining=rules.see_regaining)


@fault(RECOVERY)
def regained_at_once() -> None:
    """Shares are released without the delay in which it could be withdrawn."""
    from datetime import timedelta

    from amana.trust.recovery import regaining

    put(regaining, get_delay=lambda: timedelta(0))


@fault(RECOVERY)
def regained_although_a_colleague_is_there() -> None:
    """The key of a team is given out although a colleague still holds it."""
    from amana.trust.recovery import regaining

    put(regaining, require_lost=lambda team: None)


@fault(RECOVERY)
def custodian_of_the_own_organisation() -> None:
    """The page lets a colleague of the same organisation keep a share."""
    from amana.trust.access.models import Membership
    from amana.trust.recovery import custody
    from amana.trust.recovery.rules import KEEPING

    def anybody(team: Any) -> list[Any]:
        places = Membership.objects.holding(KEEPING).order_by("pk")
        return list(places.select_related("user", "team__organisation"))

    put(custody, list_possible_custodians=anybody)


@fault(RECOVERY)
def roster_believes_any_custodians() -> None:
    """Custodians of the own organisation, or three of the state, are signed for."""
    from amana.trust.vault import statements

    put(statements, are_custodians_allowed=lambda roster, team, people: True)


@fault(RECOVERY)
def any_share_is_taken() -> None:
    """A custodian's share isn't compared with the hash in the roster."""
    from amana.trust.recovery import custody, shares

    put(custody, find_signed_hash=lambda share: "")
    put(custody, shares=other(shares, compute_hash=lambda part: ""))


@fault(RECOVERY)
def renewed_key_not_recovered() -> None:
    """A team's key is renewed and not sealed to its recovery key."""
    from amana.trust.vault import epochs

    put(epochs, seal_to_recovery=lambda key, pair: None)


@fault(RECOVERY)
def recovery_key_of_a_row() -> None:
    """A team's new key is sealed to whatever recovery key lies in the database."""
    from amana.trust.vault import roster

    known = roster.checked_roster._vouched

    def believed(roster_: Any, holder: Any) -> bytes:
        if hasattr(holder, "proposed_by_id"):
            return bytes(holder.public)
        return known(roster_, holder)

    put(roster, _vouched=believed)


@fault(RECOVERY)
def shares_outlive_the_recovery() -> None:
    """The shares are still there after the key was regained."""
    from amana.trust.recovery import custody

    put(custody, destroy_recovery_key=lambda recovery, *, by: None)


@fault(RECOVERY)
def custodians_never_hear() -> None:
    """Shares are destroyed, and who kept them isn't told to destroy the paper."""
    from amana.trust.recovery import custody

    burn = custody.destroy_recovery_key

    def forgotten(recovery: Any, *, by: Any) -> None:
        recovery.shares.all().delete()
        burn(recovery, by=by)

    put(custody, destroy_recovery_key=forgotten)


@fault(RECOVERY)
def second_person_told_as_another() -> None:
    """Who confirms that a key is regained is one of the two others who can stop it."""
    from copy import copy

    from amana.trust.recovery import regaining

    whom = regaining.list_people_to_notify

    def at_the_proposal(made: Any) -> Any:
        before = copy(made)
        before.confirmed_by_id = None
        return whom(before)

    put(regaining, list_people_to_notify=at_the_proposal)


@fault(RECOVERY)
def drill_without_paper() -> None:
    """A custodian confirms, without the paper, that they still have their share."""
    from amana.trust.recovery import custody, shares

    drill = custody.drill

    def by_keys(share: Any, *, typed: str, by: Any) -> None:
        part = custody.read_share(share, typed=typed, by=by)
        drill(share, typed=shares.format_share(part), by=by)

    put(custody, drill=by_keys)


@fault(RECOVERY)
def released_to_whom_a_row_names() -> None:
    """Shares are released to whoever a row in the database names."""
    from amana.trust.recovery import regaining

    def no_roster(regaining_: Any) -> None:
        regaining.require_lost(regaining_.recovery_key.team_id)

    put(regaining, require_open=no_roster)


@fault(RECOVERY)
def drill_of_another_is_signed() -> None:
    """Anyone signs that a custodian still has their share."""
    from dataclasses import replace

    from amana.trust.vault import statements

    def believed(roster: Any, says: Any, by: Any) -> Any:
        return replace(roster, drills={})

    statements.RULES["drill"] = believed


# --- decoys, answers, spheres that are proposed


DECOYS = "amana/care/decoys/tests/test_decoys.py"


@fault(DECOYS)
def decoy_alarms_nobody() -> None:
    """A decoy case is opened like any other."""
    from amana.trust.alarms import decoys

    put(decoys, filter_touching=lambda events, *, but=None: events.none())


@fault(DECOYS)
def decoy_alarms_its_maker() -> None:
    """Who made it is told of like everyone else, and slowed down."""
    from amana.trust.alarms import decoys

    right = decoys.filter_touching
    put(decoys, filter_touching=lambda events, *, but=None: right(events))


@fault(f"{DECOYS}::test_it_is_open_for_longer_than_a_real_closing_takes")
def decoy_closed_at_once() -> None:
    """A list of closed cases shows by its minutes which one is a decoy."""
    from datetime import timedelta

    from amana.care.decoys import actions

    put(actions, choose_open_time=lambda: timedelta(seconds=1))


@fault(DECOYS)
def decoy_is_counted() -> None:
    """A person who doesn't exist is in the figures."""
    from amana.insight.facts import recording

    put(recording, is_decoy=lambda case: False)


@fault(DECOYS)
def decoy_in_the_clear() -> None:
    """Whoever reads the database learns which case it is."""
    from amana.trust.alarms import decoys
    from amana.trust.vault import server_secrets

    def as_it_is(text: str, *place: Any) -> str:
        return text

    put(decoys, server_secrets=other(server_secrets, seal_text=as_it_is))
    put(decoys.server_secrets, open_text=as_it_is)


@fault(KNOWN)
def answer_in_the_log() -> None:
    """The log's reader sees that someone answered, and so whom they know."""
    from amana.care.known_elsewhere import actions

    right = actions.answer_question

    def logged(question: Any, *, by: Any) -> Any:
        heard = right(question, by=by)
        actions.log.record("looked at questions", question, by=by)
        return heard

    put(actions, answer_question=logged)


@fault(f"{KNOWN}/test_known_elsewhere.py::test_an_answer_leaves_what_a_look_leaves")
def answer_keeps_its_form() -> None:
    """A form that is kept says who answered, and so whose team knows whom."""
    from amana.care.known_elsewhere import views
    from amana.ui.models import Submission

    right = views.answer

    def kept(request: Any) -> Any:
        Submission.objects.create(
            sender=str(request.user.pk), key=request.POST["_once"]
        )
        return right(request)

    put(views, answer=kept)


@fault(KNOWN)
def answer_lost_by_a_look() -> None:
    """The next look seals an empty reply over the answer."""
    from amana.care.known_elsewhere import actions

    reply = actions.comparing_cards._reply

    def emptied(question: Any, content: Any, *, by: Any) -> None:
        answered = question.looked_at is None or content == {"contact": {}}
        reply(question, content if answered else {"contact": {}}, by=by)

    put(actions, _reply=emptied)


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


# --- what runs unattended

TASKS = "amana/trust/operation/tests/test_tasks.py"
CLOCKWORK = "amana/trust/alarms/tests/test_clockwork.py"


@fault(f"{TASKS}::test_a_task_that_hangs_is_stopped_and_holds_up_no_other")
def task_may_hang() -> None:
    """A task may take as long as it likes; all others wait for it."""
    from amana.trust.operation import worker

    put(worker, begin_limit=lambda limit: None)


@fault(f"{TASKS}::test_no_word_of_an_error_is_kept_or_logged")
def failed_task_keeps_words() -> None:
    """What a mail server answered is kept with the task, addresses and all."""
    from amana.trust.operation import worker

    put(worker, list_places=lambda trace: trace)


@fault(f"{TASKS}::test_a_task_whose_worker_was_killed_is_shown_as_failed")
def killed_task_is_lost() -> None:
    """A task whose worker was killed counts as running for ever."""
    from django.db.models import Q

    from amana.trust.operation import queue

    put(queue, match_lost_tasks=lambda now=None: Q(pk=None))


@fault(f"{TASKS}::test_failed_tasks_are_kept_and_done_ones_for_a_week")
def failed_task_forgotten() -> None:
    """What failed is deleted with what was done."""
    from django_tasks_db.models import DBTaskResult

    from amana.trust.operation import queue

    put(queue, delete_done_tasks=lambda: DBTaskResult.objects.finished().delete()[0])


@fault(f"{CLOCKWORK}::test_a_timer_that_fails_holds_up_no_other")
def failing_timer_stops_others() -> None:
    """An error of one timer ends the round."""
    from amana.trust.alarms import clockwork, timer_runs

    def run(timer: Any, say: Any) -> bool:
        clockwork.call_command(timer.command)
        timer_runs.record_run(timer.command)
        return True

    put(clockwork, run_timer=run)


@fault(f"{CLOCKWORK}::test_a_timer_that_hangs_is_stopped")
def timer_may_hang() -> None:
    """A timer may take as long as it likes; consents wait for it."""
    from contextlib import nullcontext

    from amana.trust.alarms import clockwork

    put(clockwork, limit_time=nullcontext)


@fault(
    f"{ALARMS}/test_timer_runs.py::test_a_long_timer_that_is_still_running_is_not_told"
)
def running_counts_as_failing() -> None:
    """A timer that still runs after two hours counts as one that failed twice."""
    from amana.trust.alarms import timer_runs

    def is_failing(run: Any, now: Any) -> bool:
        since = run.unfinished_since
        return since is not None and since < now - timer_runs.FAILING

    put(timer_runs, is_failing=is_failing)


@fault(f"{CLOCKWORK}::test_a_daily_timer_runs_once_for_each_day_the_server_was_up")
def missed_night_is_skipped() -> None:
    """Only who is up at the hour itself runs what is due then, as cron does."""
    from amana.trust.alarms import clockwork

    due = clockwork.is_due

    def on_time(timer: Any, run: Any, now: Any) -> bool:
        zone = clockwork.timezone.get_default_timezone()
        late = now - timer.when.latest(now, zone)
        return due(timer, run, now) and late < clockwork.timedelta(minutes=20)

    put(clockwork, is_due=on_time)


@fault(f"{CLOCKWORK}::test_of_two_processes_on_one_disk_one_leads")
def two_lead() -> None:
    """Who does not get the lock leads all the same."""
    from amana.trust.alarms import leading

    put(leading, fcntl=other(leading.fcntl, flock=lambda file, how: None))


DOCTOR = "amana/trust/operation/tests/test_checks.py"
PUBLIC = "amana/trust/operation/tests/test_public.py"


@fault(f"{PUBLIC}::test_metrics_are_off_until_a_setting_names_who_may")
def metrics_for_anyone() -> None:
    """Who finds the address reads how the server is."""
    from amana.trust.operation import public

    put(public, may_read=lambda request: True)


@fault(f"{DOCTOR}::test_half_a_backup_is_none")
def half_a_backup_counts() -> None:
    """Contents without the keys count as a backup."""
    from amana.trust.backup import present_backups

    put(present_backups, _keys_of=lambda data: data)


@fault(f"{DOCTOR}::test_to_look_for_the_key_makes_none")
def doctor_makes_a_key() -> None:
    """To look for the log's key makes another one, which signs from then on."""
    from amana.trust.audit import log_keys
    from amana.trust.operation import checks

    put(checks, _is_signed_here=lambda note: bool(log_keys.get_public_key()) and False)


@fault(f"{DOCTOR}::test_what_is_most_urgent_comes_first")
def most_urgent_is_not_first() -> None:
    """What is wrong is listed the other way round."""
    from amana.trust.operation import checks

    run = checks.run_checks
    put(checks, run_checks=lambda **asked: run(**asked)[::-1])


@fault(f"{DOCTOR}::test_where_no_process_runs_the_timers_they_are_not_named_one_by_one")
def each_timer_is_named_where_none_runs() -> None:
    """Thirty names hide that one process does not run."""
    from dataclasses import replace

    from amana.trust.operation import checks

    checks.CHECKS[:] = [replace(check, needs="") for check in checks.CHECKS]


@fault(
    f"{DOCTOR}::test_a_half_restoration_is_named_first_and_nothing_else_is_asked_of_it"
)
def half_a_restoration_is_asked_like_any() -> None:
    """Ten wrong findings hide that a restoration has to be run again."""
    from dataclasses import replace

    from amana.trust.operation import checks

    checks.CHECKS[:] = [replace(check, asks_database=False) for check in checks.CHECKS]


@fault("amana/trust/recovery/tests/test_recovery.py")
def custodian_confirms_the_recovery() -> None:
    """Who keeps a share is also one of the two who name the colleague."""
    from amana.trust.recovery import rules
    from amana.trust.recovery.models import Share

    put(rules, find_kept_keys=lambda user: Share.objects.none().values("recovery_key"))


@fault("amana/sqlite/tests/test_placeholders.py")
def escaped_sign_becomes_a_placeholder() -> None:
    """A query's own percent sign before an s is taken for a value's place."""
    from amana.sqlite import base

    put(
        base,
        convert_placeholders=lambda query: query.replace("%s", "?").replace("%%", "%"),
    )


CHECKING = f"{AUDIT}/test_checking.py"
LOOKED_THROUGH = "amana/trust/oversight/tests/test_views.py"


@fault(f"{CHECKING}::test_the_log_is_read_outside_any_transaction")
def check_holds_the_lock() -> None:
    """Nobody writes while the log is checked."""
    from django.db import transaction

    from amana.trust.audit import checking

    put(checking, continue_check=transaction.atomic(checking.continue_check))


@fault(f"{CHECKING}::test_where_the_tree_is_not_the_one_that_was_right_all_is_read")
def check_goes_on_from_any_tree() -> None:
    """A check goes on after a checkpoint, whatever tree the database has by now."""
    from amana.trust.audit import checking, sealing

    def resumed(log: Any, note: str) -> bool:
        if note:
            log.go_on(note, sealing.load_right_edge(checking.parse_head(note).size))
        return bool(note)

    put(checking, _resumed=resumed)


@fault(f"{CHECKING}::test_what_was_read_before_is_read_again_where_all_is_asked_for")
def check_of_all_reads_what_is_new() -> None:
    """Who asks for a check of all gets one of what is new."""
    from amana.trust.audit import checking

    begin = checking.begin_check
    put(checking, begin_check=lambda *, by="", whole=False: begin(by=by))


@fault(f"{CHECKING}::test_how_far_it_was_right_does_not_lie_in_the_database")
def check_believes_the_log() -> None:
    """How far the log was found right is read from the log itself."""
    from amana.trust.audit import checking
    from amana.trust.audit.models import AuditEvent, Checkpoint

    read = checking.read

    def from_the_log() -> Any:
        last = Checkpoint.objects.order_by("-size").first()
        if last and AuditEvent.objects.filter(did="checked log").exists():
            return checking.replace(read(), note=last.note)
        return read()

    put(checking, read=from_the_log)


@fault(f"{CHECKING}::test_an_event_slipped_in_since_is_named")
def new_strays_are_passed_over() -> None:
    """A check of what is new looks for no event that was slipped in."""
    from amana.trust.audit import checking

    end = checking._end
    put(checking, _end=lambda log, known, **_newer: end(log, known, newer_than=2**60))


@fault(f"{LOOKED_THROUGH}::test_a_row_in_the_log_says_nothing_of_how_right_it_is")
def page_believes_the_log() -> None:
    """The page shows as the last check what a row of the log says."""
    from django.utils import timezone

    from amana.trust.audit.checking import LogCheck
    from amana.trust.oversight import views

    put(views.checking, read=lambda: LogCheck(ended_at=timezone.now()))


CARDS = f"{VAULT}/test_cards.py"


@fault(f"{CARDS}::test_nobody_who_writes_waits_while_cards_are_opened")
def search_holds_the_lock() -> None:
    """Nobody writes while a search opens and compares cards."""
    from django.db import transaction

    from amana.trust.vault import cards

    put(cards, search_cards=transaction.atomic(cards.search_cards))


@fault(f"{CARDS}::test_one_damaged_card_keeps_nobody_from_the_others")
def one_damaged_card_stops_all() -> None:
    """The first card that does not open ends the search of a whole team."""
    from amana.trust.vault import cards

    unsealed = cards._unsealed

    def raising(*said: Any) -> Any:
        for case, plain in unsealed(*said):
            if plain is None:
                raise cards.Unopenable
            yield case, plain

    put(cards, _unsealed=raising)


@fault(
    "amana/care/cases/tests/test_views.py"
    "::test_a_damaged_card_keeps_nobody_from_the_others_and_is_told"
)
def damaged_card_is_told_to_no_one() -> None:
    """What could not be opened is left out, and no one hears of it."""
    from amana.trust.alarms import actions

    put(actions, record_omitted=lambda aside, *, by: None)


@fault(f"{CARDS}::test_after_a_search_no_part_of_a_name_is_kept")
def names_stay_in_a_cache() -> None:
    """What a search worked out of people's names is kept for the next, and stays in
    the server's memory after the lock, the end of the session and erasure."""
    from functools import lru_cache

    from amana.trust.vault import likeness

    put(likeness, list_skeletons=lru_cache(maxsize=65_536)(likeness.list_skeletons))


@fault(f"{CARDS}::test_without_a_log_row_nothing_is_found")
def search_is_shown_before_its_row() -> None:
    """What a search found is shown though its row could not be written."""
    from django.db import DatabaseError

    from amana.trust.vault import cards

    note = cards._note

    def if_it_can(*said: Any, **more: Any) -> None:
        with suppress(DatabaseError):
            note(*said, **more)

    put(cards, _note=if_it_can)


SHEETS = "amana/insight/measure/tests/test_actions.py"


@fault(f"{SHEETS}::test_nobody_who_writes_waits_for_sheets")
def figures_hold_the_lock() -> None:
    """Nobody writes while figures are drawn up."""
    from django.db import transaction

    from amana.insight.measure import actions

    put(actions, prepare_year=transaction.atomic(actions.prepare_year))


@fault(f"{SHEETS}::test_what_others_drew_up_meanwhile_stays")
def figures_drawn_up_over_newer_ones() -> None:
    """What was drawn up takes the place of what was drawn up meanwhile, and shown."""
    from amana.insight.measure import actions

    def store(drawn: Any, *_said: Any) -> None:
        for sheet in drawn:
            sheet.save()

    put(actions, _store=store)


# --- what the standard's lines point to


@fault("tests/architecture/test_asvs.py")
def evidence_gone() -> None:
    """A test is renamed, and the list of the standard still names it."""
    from tests.architecture import code

    before = code.functions

    def functions(within: Any) -> Any:
        gone = "test_twelve_hours_end_even_a_busy_session"
        return (found for found in before(within) if found.name != gone)

    put(code, functions=functions)


@fault("tests/architecture/test_asvs.py::test_each_limit_is_in_the_manual")
def limit_other_than_said() -> None:
    """The manual says another limit on tries than the one that counts."""
    from django.conf import settings

    settings.ACCOUNT_RATE_LIMITS["login_failed"] = "10/m/ip,50/5m/key"


@fault("tests/architecture/test_headers.py")
def static_without_policy() -> None:
    """Scripts and drawings go out before the policy is added."""
    from django.conf import settings

    policy = "django.middleware.csp.ContentSecurityPolicyMiddleware"
    settings.MIDDLEWARE.remove(policy)
    settings.MIDDLEWARE.insert(3, policy)


@fault(
    f"{VAULT}/test_session.py::test_ending_other_sessions_asks_for_the_passphrase_first"
)
def thief_ends_the_owners_sessions() -> None:
    """Who sits down at an open screen signs its owner out everywhere else."""
    from datetime import timedelta

    from amana.trust.vault import middleware

    put(middleware, RECENTLY=timedelta(hours=9))


@fault("amana/exchange/hsds/tests/test_web_pages.py")
def script_for_a_web_page() -> None:
    """An import brings a link that is a script."""
    from amana.exchange.hsds import reading

    put(reading, is_web_address=bool)


# --- what is installed

MEASURES = "tests/architecture/test_measures.py"


@fault(f"{MEASURES}::test_what_became_worse_is_reported_and_what_became_better_is_kept")
def baseline_holds_nothing() -> None:
    """A change that falls behind the baseline passes."""
    from tools.measures import Result

    put(Result, is_worse=False)


@fault(f"{MEASURES}::test_words_are_known_by_their_inflections")
def words_in_one_form_alone() -> None:
    """A word to avoid passes in any other form than the first."""
    from tools.measuring.texts import AvoidedWords

    put(AvoidedWords, inflect=lambda self, word: [word.removesuffix("~")])


@fault(f"{MEASURES}::test_an_exception_keeps_what_it_names_and_no_more")
def exception_for_every_file() -> None:
    """What one file may say for a reason, every file may."""
    from tools import measures

    put(measures, is_exempt=lambda place, known: known["text"] in place.text)


RELEASE = "tests/supply/test_release.py"
PARTS = "tests/supply/test_dependencies.py"
ADVISORIES = "tests/supply/test_advisories.py"


@fault(f"{RELEASE}::test_two_builds_are_equal_whoever_makes_them")
def release_of_its_maker() -> None:
    """What git is set to where a release is made changes what is in it."""
    from tools import release

    put(release, SAME_EVERYWHERE=("-c", "tar.umask=0007"))


@fault(f"{RELEASE}::test_another_build_is_neither_replaced_nor_signed")
def other_build_signed() -> None:
    """The second person signs over what the first made, whatever it was."""
    from tools import release

    put(release, _is_other=lambda path, content: False)


@fault(f"{RELEASE}::test_who_is_not_on_the_list_leaves_no_signature")
def signed_by_anyone() -> None:
    """A signature is left that no operator can check."""
    from tools import release

    ssh_keygen = release.ssh_keygen

    def unchecked(act: str, *words: str, content: bytes) -> bytes:
        return ssh_keygen(act, *words, content=content) if act == "sign" else b""

    put(release, ssh_keygen=unchecked)


@fault(f"{PARTS}::test_when_a_part_is_installed_is_said_of_each")
def extra_left_out() -> None:
    """What is installed only because of an extra counts as part of the tests."""
    from tools import dependencies

    whole = dependencies._needs_of_extra
    put(dependencies, _needs_of_extra=lambda p, extra: [] if extra else whole(p, ""))


@fault(f"{ADVISORIES}::test_half_an_answer_says_nothing_about_the_parts")
def half_an_answer_is_good() -> None:
    """What the source did not answer counts as: nothing known."""
    from tools import advisories

    ask_page = advisories.ask_page

    def lenient(source: str, todo: Any) -> Any:
        try:
            return ask_page(source, todo)
        except advisories.NotAnswered:
            return [advisories.Result([], "") for _part in todo]

    put(advisories, ask_page=lenient)


CONTACT = "amana/trust/operation/tests/test_security_contact.py"


@fault(f"{CONTACT}::test_it_ends_at_the_end_of_the_day_that_was_set")
def contact_past_its_day() -> None:
    """Who finds a weakness is sent to an address that nobody reads any more."""
    from amana.trust.operation import security_contact

    put(security_contact, is_valid=lambda now: True)


@fault("amana/ui/tests/test_permissions.py")
def camera_on_every_page() -> None:
    """What the room of a session may use, each page may use."""
    from amana.ui import permissions

    policy = permissions.build_policy
    put(permissions, build_policy=lambda *used: policy("camera", *used))


COMPRESSION = "amana/ui/tests/test_compression.py"
OUTAGES = "amana/care/cases/tests/test_outages.py"
OUTSIDE = "amana/trust/operation/tests/test_outside.py"


@fault(f"{COMPRESSION}::test_what_another_site_asks_for_is_not_compressed")
def compressed_for_any_site() -> None:
    """Another host of the domain measures what a page of a person holds."""
    from amana.ui import compression

    put(compression, OURS={"same-origin", "same-site", "cross-site", "none"})


@fault(f"{OUTAGES}::test_what_unlocks_something_is_not_given_back")
def passphrase_given_back() -> None:
    """The page of an outage holds the passphrase that was sent."""
    from amana.ui import typed

    put(typed, is_secret=lambda name: False)


@fault("amana/insight/feedback/tests/test_outages.py::test_what_was_filled_in_stays")
def reloaded_over_what_was_filled_in() -> None:
    """At a device in a house an outage takes what someone had filled in."""
    from amana.ui import outages

    put(outages, comes_back=lambda request: any(f(request) for f in outages.UNATTENDED))


@fault(f"{OUTAGES}::test_an_outage_is_told_from_a_mistake")
def mistake_taken_for_an_outage() -> None:
    """A missing table is said to be an outage, and nobody mends it."""
    from django.db import OperationalError

    from amana.ui import outages

    put(
        outages,
        detect_outage=lambda error: (
            "database" if isinstance(error, OperationalError) else None
        ),
    )


@fault(f"{OUTSIDE}::test_a_second_server_with_files_of_its_own_does_not_begin")
def second_server_begins() -> None:
    """A server without the shared keys makes its own, and signs with them."""
    from amana.trust.operation import outside

    put(outside, check_outside_files=lambda: None)


@fault(f"{OUTSIDE}::test_a_lost_anchor_is_not_made_anew_where_something_was_signed")
def lost_anchor_made_anew() -> None:
    """A new anchor hides that the log was cut back."""
    from amana.trust.operation import outside

    none = SimpleNamespace(exists=lambda: False)
    put(outside, Checkpoint=SimpleNamespace(objects=none))


INSTALL = "tests/operations/test_install.py"
UPGRADE = "tests/operations/test_upgrade.py"


def alter_tool(name: str, before: str, after: str) -> None:
    """Install by a tool with one place altered."""
    from tests.operations.conftest import Machine

    bring = Machine.bring_code

    def altered(self: Any, *names: str) -> None:
        bring(self, *names)
        path = self.code / "tools" / name
        text = path.read_text()
        assert text.count(before) == 1, f"{name} has no {before} any more"
        path.write_text(text.replace(before, after))

    put(Machine, bring_code=altered)


@fault(f"{INSTALL}::test_a_second_run_changes_no_setting_and_adds_what_is_missing")
def second_run_makes_new_secrets() -> None:
    """Who installs again gets other secrets: no passphrase opens anything."""
    alter_tool("install.py", "        if name not in there:\n", "        if True:\n")


@fault(f"{INSTALL}::test_no_new_pepper_is_made_for_a_database_that_is_there")
def pepper_for_a_database_that_is_there() -> None:
    """A pepper that was lost is made anew, and locks everyone out."""
    alter_tool("install.py", 'if "VAULT_PEPPERS" not in there and has', "if 0 and has")


@fault(f"{INSTALL}::test_killed_at_any_command_and_run_again_it_ends_right")
def folder_is_left_as_it_is_found() -> None:
    """A folder that an interrupted installation left open stays open."""
    alter_tool(
        "install.py",
        "        folder.mkdir(parents=True, exist_ok=True)\n",
        "        if folder.exists():\n            continue\n"
        "        folder.mkdir(parents=True)\n",
    )


@fault(f"{INSTALL}::test_what_root_exported_stays_with_root")
def environment_of_root_is_passed_on() -> None:
    """What root exported, secrets too, reaches the user of the pages."""
    alter_tool("install.py", "surroundings() | machine", "os.environ | machine")


@fault("amana/trust/backup/tests/test_databases.py")
def backup_of_whatever_answers() -> None:
    """Backups go to the database without checking its certificate."""
    from amana.trust.backup import databases

    unchecked = {n: v for n, v in databases.VARIABLES.items() if "ssl" not in n}
    put(databases, VARIABLES=unchecked)


@fault("tests/reliability/test_backup.py", on_postgresql=True)
def drill_in_what_the_server_offers() -> None:
    """The database of a drill is in the encoding of the server's own."""
    from psycopg import sql

    from amana.trust.backup import restore_drill

    latin = (
        "CREATE DATABASE {} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' -- {} {}"
    )
    put(restore_drill, CREATE=sql.SQL(latin))


@fault(f"{UPGRADE}::test_it_stops_backs_up_and_installs_in_this_order")
def upgrade_backs_up_while_people_work() -> None:
    """What is written between the backup and the end is lost on the way back."""
    alter_tool("upgrade.py", '    stop(machine)\n    say("Making', '    say("Making')


@fault(f"{UPGRADE}::test_what_was_interrupted_goes_on_with_the_backup_that_was_made")
def interrupted_upgrade_backs_up_again() -> None:
    """The backup from before is replaced by one of a database half migrated."""
    alter_tool(
        "upgrade.py", '    if noted(machine).get("TO") != target:\n', "    if 1:\n"
    )


@fault(f"{UPGRADE}::test_a_release_with_a_changed_file_is_refused")
def changed_release_is_taken() -> None:
    """The signature under the sums is right, and nobody compares the sum."""
    alter_tool(
        "signatures.py", "if signatures and not self._is_among_the_sums():", "if False:"
    )


@fault(f"{UPGRADE}::test_the_list_that_comes_along_is_not_believed")
def any_good_signature_will_do() -> None:
    """Whoever signed, by whatever key: it is a signature."""
    alter_tool("signatures.py", "signature for (\\S+) with ", "signature( )with ")
    alter_tool(
        "signatures.py", "done.stderr if done.returncode == 0", "done.stderr if 1"
    )


@fault(f"{UPGRADE}::test_a_signed_tag_does_not_pass_under_another_name")
def older_version_under_a_newer_name() -> None:
    """An old version with a known hole is put in the place of the newest."""
    alter_tool("signatures.py", 'if f"\\ntag {self.name}\\n" not in', 'if "" not in')


BATCHES = "amana/care/pathways/tests/test_batches.py"
UNOPENED = f"{VAULT}/test_unopened.py"


MOVING = f"{PATHWAYS}/test_version_moves.py"


@fault(f"{MOVING}::test_it_is_counted_without_opening_a_case")
def each_case_is_opened_to_be_counted() -> None:
    """The page before a version is put in force takes minutes in a large country."""
    from amana.care.pathways import version_moves

    def one_by_one(version: Any) -> Any:
        for left in version_moves.iterate_left(
            version, version_moves.find_behind(version)
        ):
            yield "1 case", " ".join(left.why)

    put(version_moves, count_stranded=one_by_one)


@fault(f"{MOVING}::test_what_is_counted_beforehand_is_what_stays_behind")
def two_places_at_once_are_not_counted() -> None:
    """It says that all have a place, and half of them stay behind."""
    from amana.care.pathways import version_moves

    put(version_moves, _places_at_once=lambda version: iter(()))


@fault(f"{BATCHES}::test_of_two_adoptions_one_after_the_other_all_end_at_the_newest")
def late_batch_goes_on() -> None:
    """A batch that comes late does not look whether its version is in force still."""
    from amana.design.mechanism.models import Version

    read_anew = Version.refresh_from_db

    def blind(self: Any, **which: Any) -> None:
        if which.get("fields") != ["state"]:
            read_anew(self, **which)

    put(Version, refresh_from_db=blind)


@fault(f"{BATCHES}::TestSetAside")
def one_case_holds_up_all() -> None:
    """Of a batch with a case that can't be moved none is moved."""
    from amana.care.pathways import version_moves

    put(version_moves, _moved_of=version_moves.background_moves._move)


@fault(f"{UNOPENED}::TestSetAside")
def old_key_lapses_whatever_it_opens() -> None:
    """After thirty days the old key goes, also where a mistake kept a record under it
    that it opens."""
    from amana.trust.vault import unopened

    put(unopened, is_lost=lambda team: True)


@fault(f"{UNOPENED}::TestCarried")
def nothing_is_carried() -> None:
    """What is damaged in part is set aside whole, and lost with the old key."""
    from dataclasses import replace

    from amana.trust.vault import epochs

    epochs.SEALED[:] = [replace(kind, carry=None) for kind in epochs.SEALED]


@fault(f"{UNOPENED}::TestByItself")
def only_one_page_goes_on() -> None:
    """Records are sealed anew only while the page of the key is open."""
    from amana.trust.vault import leaving

    put(leaving, rewrap_in_passing=lambda user: None)


PLANS = "tests/reliability/test_plans.py"
EVERYDAY = f"{PLANS}::test_no_everyday_list_reads_a_whole_table"


@fault(EVERYDAY, on_postgresql=True)
def own_is_guessed() -> None:
    """What is one's own is a subquery, which PostgreSQL joins in any order."""
    from django.db.models.lookups import In

    from amana.trust.access import everyones

    put(everyones.OwnRowsFirst, get_rhs_op=In.get_rhs_op)


@fault(f"{PLANS}::test_a_question_that_no_index_answers_is_named", on_postgresql=True)
def whole_tables_are_missed() -> None:
    """The benchmark of plans overlooks what is read from one end to the other."""
    from benchmarks import plans

    put(plans.Scan, is_whole=lambda scan, tables, grown: False)


# --- what arrives


ARRIVING = "tests/reliability/test_arriving.py"


@fault(ARRIVING)
def half_a_form_is_taken_for_a_whole() -> None:
    """A page begins with what has arrived so far; the browser is gone since."""
    from amana import arriving

    put(arriving, has_body=lambda headers: False)


@fault(ARRIVING)
def what_arrives_has_no_most() -> None:
    """Whoever sends enough at once fills the memory of the server."""
    from amana import arriving

    put(arriving.Arrivals, _count=lambda self, body: None)


@fault("tests/reliability/test_joining.py")
def each_line_waits_by_itself() -> None:
    """Four people who read a long table on slow telephones stop every page."""
    from amana import asgi

    put(asgi, join_pieces=iter)


INTERRUPTED = "tests/reliability/test_interrupted.py"


@fault(
    f"{INTERRUPTED}::test_a_backup_that_was_killed_leaves_nothing_and_the_next_is_whole"
)
def scratch_under_a_new_name_each_time() -> None:
    """What a backup that was killed has left stays: the disk fills with dumps of
    contents and keys that are not sealed."""
    from contextlib import contextmanager

    from amana import on_disk

    @contextmanager
    def scratch(folder: Path, *, busy: str) -> Any:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as name:
            yield Path(name)

    put(on_disk, make_scratch_folder=scratch)


HALF = f"{INTERRUPTED}::test_nobody_works_with_a_database_that_is_restored_by_half"


@fault(HALF)
def half_a_restoration_looks_whole() -> None:
    """Services begin on a database whose restoration was killed."""
    from amana.trust.backup import restoring
    from amana.unattended import STARTS

    STARTS.remove(restoring.require_finished)


@fault(HALF)
def list_comes_after_the_database() -> None:
    """Killed before the list is there, a restoration brings back who was erased."""
    from amana.trust.backup import databases, restoring

    keep, finish, newest = restoring.write_erased_list, databases.finish_restoration, []
    put(restoring, write_erased_list=newest.append)
    put(databases, finish_restoration=lambda: (keep(newest[-1]), finish()))


@fault(f"{INTERRUPTED}::test_a_house_that_was_founded_by_half_can_be_founded_again")
def codes_are_made_once() -> None:
    """Who never saw the first codes has a house that nobody can enter."""
    from amana.trust.access import founding

    put(founding, _waiting_first=lambda organisation, administrators: [])


@fault(f"{INTERRUPTED}::test_a_full_disk_stops_a_restoration_with_a_sentence")
def full_disk_is_a_damaged_archive() -> None:
    """Where there is no room, an operator reads that the backup is damaged."""
    from amana.trust.backup import archives

    put(archives, is_disk_full=lambda error: False)


@fault(
    f"{INTERRUPTED}::test_a_full_disk_is_told_by_each_command_and_with_room_it_ends_right"
)
def full_disk_is_a_page_of_code() -> None:
    """A command that finds no room ends with a traceback."""
    from amana import commands

    put(commands, run_command=commands.execute_from_command_line)


@fault("amana/trust/backup/tests/test_on_disk.py")
def archive_may_lack_its_end() -> None:
    """A backup whose last bytes did not fit on the disk counts as made."""
    from amana.trust.backup import archives

    put(archives, require_whole=lambda sealed, plain: None)


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


@fault(f"{INSTALL}::test_files_of_pages_that_may_be_there_by_half_are_copied_anew")
def half_a_file_stays() -> None:
    """An installation that was killed leaves files of pages by half, for good."""
    alter_tool("install.py", '("--clear",) if unfinished.exists() else ()', "()")


SERVERS = "tests/reliability/test_two_servers.py"


@fault(
    f"{SERVERS}::test_two_that_both_think_they_lead_run_each_timer_once",
    on_postgresql=True,
)
def timers_are_not_claimed() -> None:
    """Two servers that both think they lead run each timer twice."""
    from amana.trust.alarms import clockwork

    put(clockwork, claim=lambda timer, now: True)


@fault(f"{SERVERS}::test_a_server_without_the_keys_does_not_begin", on_postgresql=True)
def second_server_makes_its_own_keys() -> None:
    """A server that lacks the files of its database begins with others."""
    from amana.trust.operation import outside

    put(outside, _require_right=lambda: None)


@fault(
    f"{VAULT}/test_sign_in.py::test_tries_at_one_account_are_counted_whatever_host_is_named"
)
def tries_are_counted_by_host() -> None:
    """Each port that a request names gives five more tries at one account."""
    from allauth.account.adapter import DefaultAccountAdapter

    from amana.trust.vault.signin import AccountAdapter

    as_it_is = DefaultAccountAdapter._get_login_attempts_cache_key
    put(AccountAdapter, _get_login_attempts_cache_key=as_it_is)


@fault(
    "amana/trust/operation/tests/test_journal.py"
    "::test_a_page_that_was_refused_is_named_by_its_kind"
)
def addresses_in_the_journal() -> None:
    """A page that was refused stands in the journal with its address."""
    from amana import unattended

    put(unattended, describe_page=lambda record, request: record.getMessage())


GUIDE = "tests/architecture/test_guide.py"


@fault(f"{GUIDE}::test_the_picture_is_drawn_from_the_contracts")
def picture_without_a_room() -> None:
    """ARCHITECTURE.md leaves out a room, and no one sees what may import it."""
    from tools import draw_house

    as_it_is = draw_house.read_layers
    put(draw_house, read_layers=lambda *words: list(as_it_is(*words))[:-1])


@fault("tests/how_to/test_pages.py::test_a_block_that_does_not_fit_is_named")
def how_to_that_fits_anywhere() -> None:
    """A how-to has aged, and its lines are put wherever they would fit."""
    from tests.how_to import pages

    put(pages, edit=lambda text, diff, of: text)
