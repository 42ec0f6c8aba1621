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
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

CLOSURE = "tests/properties/test_closure.py"
VAULT = "amana/trust/vault/tests"
AUDIT = "amana/trust/audit/tests"
FEEDBACK = "amana/insight/feedback/tests"
NOTIFICATIONS = "amana/notifications/tests"


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


def put(where: Any, **what: Any) -> None:
    """Put something in the place of what a module or class had by that name."""
    for name, value in what.items():
        assert hasattr(where, name), f"{where} has no {name} any more"
        setattr(where, name, value)


def other(module: Any, **what: Any) -> Any:
    """The module, for one of those that use it, with something exchanged."""
    return SimpleNamespace(**vars(module) | what)


# --- consent and disclosure


@fault(CLOSURE)
def kept_disclosure() -> None:
    """What was shared stays in the database after consent was withdrawn."""
    from amana.trust.vault import disclosures

    put(disclosures, destroy=lambda *, consent: 1)


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

    right = actions._consented

    def and_one_more(consent: Any, *, by: Any) -> dict[str, Any]:
        opened = documents.opened(consent.case_id, [C.IDENTITY], by=by, purpose="")
        other = opened[C.IDENTITY, "record"].content["other_names"]
        return right(consent, by=by) | {"identity.other_names": other}

    put(actions, _consented=and_one_more)


@fault(CLOSURE)
def withdrawn_consent_still_shares() -> None:
    """Nobody looks whether the consent still lives before sharing under it."""
    from amana.care.consent.models import Consent

    put(Consent, share=lambda self, now: None)


@fault(CLOSURE)
def declined_and_kept() -> None:
    """A service that has declined goes on reading what it was sent."""
    from amana.trust.vault import disclosures

    put(disclosures, take_back=lambda disclosure: None)


# --- keys


@fault(CLOSURE)
def not_rekeyed() -> None:
    """The team keeps its key when someone leaves."""
    from amana.trust.vault import keys, leaving

    put(leaving, begin_epoch=lambda team, *, by: keys.current_key(team))


@fault(CLOSURE)
def written_under_the_old_key() -> None:
    """After someone has left, new words still go under a key that they could keep."""
    from amana.trust.vault import documents

    def to_write(case: Any, compartment: Any, *, by: Any) -> Any:
        secrets = documents.compartment_secrets(case, [compartment], by=by)
        return secrets[compartment]

    put(documents, _to_write=to_write)


@fault(CLOSURE)
def letters_under_the_old_key() -> None:
    """After someone has left, letters still go under a key that they could keep."""
    from amana.trust.vault import disclosures

    right, write_letter = disclosures.renew, disclosures.write_letter

    def as_it_is(*args: Any, **words: Any) -> Any:
        put(disclosures, renew=lambda secrets: dict(secrets))
        try:
            return write_letter(*args, **words)
        finally:
            put(disclosures, renew=right)

    put(disclosures, write_letter=as_it_is)


@fault(CLOSURE)
def wrapped_anew_and_not_sealed_anew() -> None:
    """A new epoch hands on the keys of the old one."""
    from amana.trust.vault import crypto, documents

    renew = documents.renew

    def handing_on(secrets: Any, holders: Any = ()) -> Any:
        queue = list(secrets.values())
        put(documents, crypto=other(crypto, new_key=lambda: queue.pop(0)))
        try:
            return renew(secrets, holders)
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
        return list(keys.current_keys([sender.pk, recipient.pk]).values())

    put(disclosures, _holders=to_teams)


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
            key = keys.current_key(team)
            cards._for_team(case, plain, key, by=by).save()
        for person in PersonKey.objects.filter(user__in=people or []):
            if not held.filter(person_key=person).exists():
                cards._for_person(case, plain, person).save()

    put(cards, put=leave_the_old)


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
    """The next epoch is sealed to whatever public key lies in the database."""
    from amana.trust.vault import leaving

    put(leaving, require_voucher=lambda wrap, pair: None)


@fault(f"{VAULT}/test_documents.py")
def bound_to_nothing() -> None:
    """A sealed word opens wherever somebody moves it in the database."""
    from amana.trust.vault import documents, keys

    for module in (documents, keys):
        put(module, bound=lambda *place: b"amana")


@fault(f"{VAULT}/test_disclosures.py")
def expired_and_still_opened() -> None:
    """What has expired opens until the clock comes by."""
    from amana.trust.vault import disclosures

    put(disclosures, secret_of=disclosures.held_secret)


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

    put(cases, teams_of=ever_in)
    put(referrals, teams_of=ever_in)


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

    right = documents._read

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

    put(rules, not_of_ones_own=lambda user: Q(pk__isnull=False))


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

    put(heard, smallest=lambda: 10)


@fault(f"{NOTIFICATIONS}/test_property.py")
def notice_of_a_restricted_case() -> None:
    """A notification is shown to whom it was once for, whatever they see now."""
    from django.db.models import Q

    from amana.notifications import rules

    put(rules, about=lambda kind, user, day: Q(what__in=kind.whats))


@fault(f"{NOTIFICATIONS}/test_reading.py")
def badge_of_every_inbox() -> None:
    """The badge counts referrals that others have to answer."""
    from amana.care.referrals.models import Referral
    from amana.trust.access.kept import Anew
    from amana.ui import badges

    all_of_them = Anew(Referral.objects.to_answer())
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
