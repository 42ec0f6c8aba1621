"""The closure test: whoever has a raw copy of the database, and one person's secret,
reads exactly what consent allows, and nobody reads anything after they have left (P01,
P02, P03, P04, P05, P07, P09, P10, P13, P16, P20, P33).

A machine takes random steps through the real actions: cases, files, consents,
referrals, withdrawals, restrictions, transfers, leavers, erasure, time. After each step
it works out by itself who may read which word, and compares that with what the attacker
of `attacker.py` brings to light with each person's passphrase. Each word is a canary of
its own, and no canary may ever lie in the clear: in the database, a log, a message, a
task or a temporary file. Nor may the code of what a person needs.

    pytest tests/properties                          fifteen lives, on SQLite
    python -m tools.postgres pytest tests/properties the same on PostgreSQL
    HYPOTHESIS_PROFILE=thorough pytest tests/properties

A test like this counts only after it has caught planted faults: `just mutants`
(tests/mutants) plants each of them and says which test has caught it.
"""

import pytest
from django.conf import settings as house
from django.core import mail
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from amana import given
from amana.care.cases.models import Case
from amana.care.cases.rules import see_case
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import answer_referral
from amana.trust.access.models import User
from amana.trust.audit import checking, sealing
from amana.trust.audit.models import AuditEvent
from tests.profiles import each_time
from tests.properties import attacker
from tests.properties.attacker import Copy
from tests.properties.closure.knowledge import FOR_THE_POLICE, MARK, NEEDED, a_mechanism
from tests.properties.closure.leavers import Leavers


class World(Leavers):
    """Six teams, and everything that they do to each other's cases."""

    def may_read(self, person: str) -> set[str]:
        """What consent and need-to-know allow this person to read."""
        words: set[str] = set()
        for known in self.cases.values():
            if self.holds(person, known):
                words |= known.words | known.files
        for shared in self.shared.values():
            theirs = person in self.members[shared.recipient] and not shared.taken_back
            if theirs or self.holds(person, self.cases[shared.case]):
                words |= shared.words
        return words

    @invariant()
    def a_copy_opens_to_nobody_what_it_should_not(self) -> None:
        copy = Copy.taken()
        self.everyone_reads_exactly_what_consent_allows(copy)
        self.nothing_written_since_is_opened_by_keys_that_a_leaver_kept(copy)
        self.no_word_lies_in_the_clear(copy)

    def everyone_reads_exactly_what_consent_allows(self, copy: Copy) -> None:
        for person, user in self.people.items():
            found = attacker.keys_of(
                copy, user.pk, given.PASSPHRASE, house.VAULT_PEPPERS
            )
            lit = self.reader.lit(copy, found)
            assert lit == self.may_read(person), (
                person,
                "reads besides:",
                sorted(lit - self.may_read(person)),
                "does not read:",
                sorted(self.may_read(person) - lit),
            )
            if person.startswith("nobody's"):
                assert lit == set(), person

    def nothing_written_since_is_opened_by_keys_that_a_leaver_kept(
        self, copy: Copy
    ) -> None:
        for person, left in self.left.items():
            lit = self.reader.lit(copy, attacker.everything(copy, left.kept))
            assert lit <= left.read, (person, sorted(lit - left.read))
            if left.team not in self.unsettled:
                # Sealed anew: but for files, and what waits for its next writer.
                assert lit <= left.files | left.in_person, (person, sorted(lit))

    def no_word_lies_in_the_clear(self, copy: Copy) -> None:
        assert copy.holds(self.all_words) == set()
        assert copy.holds_codes({NEEDED, FOR_THE_POLICE}) == set()
        assert not any(MARK in str(message.message()) for message in mail.outbox)
        assert MARK not in self.said.getvalue()
        for path in self.files.rglob("*"):
            assert not path.is_file() or MARK.encode() not in path.read_bytes(), path

    @invariant()
    def no_list_shows_more_than_keys_open(self) -> None:
        """A rule that has grown stale would list what its reader can't read."""
        asked = sorted(self.people)
        some_of_them = asked[self.steps % 7 :: 7]  # the others after other steps
        self.steps += 1
        for person in {*self.left, *some_of_them}:
            fresh = User.objects.get(pk=self.people[person].pk)
            listed = see_case.among(Case.objects.all(), fresh)
            for case in listed.values_list("pk", flat=True):
                if case in self.cases:
                    assert self.holds(person, self.cases[case]), person
            inbox = answer_referral.among(Referral.objects.all(), fresh)
            for recipient in inbox.values_list("recipient", flat=True):
                assert person in self.members[self.team_of[recipient]], person

    @invariant()
    def the_log_holds_and_knows_each_case(self) -> None:
        sealing.seal_all()
        assert checking.check_whole_log().waiting == []
        for case in self.cases:
            assert AuditEvent.objects.about_case(case).exists()


def live(steps: int = 14) -> bool:
    """Let the machine run: for the test itself, and with a fault planted."""
    run_state_machine_as_test(
        type("ThisWorld", (World,), {"mechanism": a_mechanism()}),
        settings=settings(
            max_examples=each_time(15),
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )
    return True


@pytest.mark.django_db
def test_a_copy_of_the_database_and_a_secret_open_what_consent_allows() -> None:
    assert live()
