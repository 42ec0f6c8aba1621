"""Steps of the machine: people leave, keys are renewed, cases are erased."""

from django.conf import settings as house
from hypothesis import strategies as some
from hypothesis.stateful import precondition, rule

from amana import given
from amana.care.cases.models import Case
from amana.care.referrals.models import Referral
from amana.trust.access.models import Membership
from amana.trust.vault import documents, epochs, keys, leaving
from tests.properties import attacker
from tests.properties.attacker import Copy

from .knowledge import KINDS, Left
from .sharing import Sharing
from .surroundings import committed


class Leavers(Sharing):
    """Let people leave, renew keys, and erase cases."""

    @rule(
        data=some.data(),
        team=some.sampled_from(["shelter", "clinic", "outreach", "lawyer"]),
        kind=some.sampled_from(KINDS[1:]),
        then=some.sampled_from(["", "a letter", "a note", "all anew"]),
    )
    def someone_leaves(
        self, data: some.DataObject, team: str, kind: str, then: str
    ) -> None:
        """And what comes next, which would seldom be next by chance."""
        self.leave(team, kind)
        if then == "a letter" and self.sent:
            self.write_as_sender(data)
        elif then == "a note" and self.cases:
            self.write_something(data, "needs")
        elif then == "all anew" and team in self.unsettled:
            self.seal_anew(team, 500)

    def leave(self, team: str, kind: str) -> None:
        person = f"{team} {kind}"
        if person not in self.members[team] or len(self.members[team]) < 2:
            return
        user = self.people[person]
        copy = Copy.taken()
        kept = attacker.keys_of(copy, user.pk, given.PASSPHRASE, house.VAULT_PEPPERS)
        held = [k for k in self.cases.values() if k.people and person in k.people]
        self.left[person] = Left(
            kept=kept,
            read=set(self.all_words),
            team=team,
            files={f for k in self.cases.values() for f in k.files},
            in_person={w for k in held for w in k.words},
        )
        supervisor = self.people[f"{team} supervisor"]
        with committed():
            given.end_membership(
                Membership.objects.active().get(user=user), by=supervisor
            )
            epochs.renew_where_due(supervisor)
        self.members[team].discard(person)
        for known in self.cases.values():
            if known.people:
                known.people.discard(person)
        keys.get_keyring(supervisor).forget_teams()
        self.unsettled.add(team)

    @precondition(lambda self: self.unsettled)
    @rule(data=some.data(), limit=some.sampled_from([1, 5, 500]))
    def seal_some_anew(self, data: some.DataObject, limit: int) -> None:
        self.seal_anew(data.draw(some.sampled_from(sorted(self.unsettled))), limit)

    def seal_anew(self, team: str, limit: int) -> None:
        by = self.people[f"{team} supervisor"]
        epoch = epochs.find_current_epoch(self.teams[team])
        assert epoch is not None
        with committed():
            if leaving.rewrap_some(epoch, by=by, limit=limit).is_complete:
                self.unsettled.discard(team)

    @precondition(lambda self: len(self.cases) > 1)
    @rule(data=some.data())
    def erase(self, data: some.DataObject) -> None:
        case, _known = self.some_case(data)
        with committed():
            documents.shred(case)
        del self.cases[case]
        gone = {pk for pk, shared in self.shared.items() if shared.case == case}
        self.forget(Referral.objects.filter(disclosure__in=gone))
        self.consents = {
            pk: about for pk, about in self.consents.items() if about[0] != case
        }
        Case.objects.filter(pk=case).update(restricted=False)
