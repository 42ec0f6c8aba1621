"""Faults of consent, and of what a person is read."""

from typing import Any

from .registry import fault, other, put

CLOSURE = "tests/properties/test_closure.py"
CONSENT = "amana/care/consent/tests"
SEALED = "amana/care/consent/tests/test_sealed.py"


@fault(
    f"{CONSENT}/test_disclosing.py::"
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
    f"{CONSENT}/test_last_answer.py::"
    "test_a_newer_answer_leaves_no_older_and_wider_yes_to_fall_back_to"
)
def an_older_and_wider_yes_stands() -> None:
    """What she agreed to before goes on standing after a newer answer."""
    from amana.care.consent.models import ConsentQuerySet

    put(ConsentQuerySet, standing=ConsentQuerySet.live)


@fault(
    f"{CONSENT}/test_guardians.py::"
    "test_whose_word_counts_is_looked_at_again_before_anything_is_told"
)
def a_suspected_guardian_goes_on_agreeing() -> None:
    """A yes counts although whoever gave it could not give it any more."""
    from amana.care.consent import actions

    put(actions, _require_still_theirs=lambda given_by, identity: None)


@fault(
    f"{CONSENT}/test_guardians.py::"
    "test_what_was_never_used_ends_when_its_giver_cannot_agree_any_more"
)
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


@fault("amana/care/consent/tests/test_consent_text.py")
def withdrawn_by_the_assigned_alone() -> None:
    """The text says anyone in the team, and only those who see the case can end it."""
    from amana.care.cases.rules import filter_by_seen_case
    from amana.care.consent import rules

    object.__setattr__(rules.withdraw_consent, "where", filter_by_seen_case)


@fault("amana/care/consent/tests/test_rules.py")
def disclosure_open_to_screeners() -> None:
    """Whoever holds a team's key opens what was shared with it, though they may not
    read the referral."""
    from amana.care.consent import rules

    put(rules, ANSWERING=sorted(rules.KEYHOLDERS))


@fault(f"{CONSENT}/test_guardians.py::test_a_suspected_guardian_cannot_agree")
def suspected_guardian_agrees() -> None:
    """A guardian under suspicion agrees for the child."""
    from amana.care.consent import guardianship

    put(guardianship, is_suspected=lambda identity: False)
