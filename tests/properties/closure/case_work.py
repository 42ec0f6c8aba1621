"""Steps of the machine: the work of cases, and who needs to know."""

from typing import Any

from hypothesis import strategies as some
from hypothesis.stateful import precondition, rule

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Transfer, Urgency
from amana.trust.audit import log
from amana.trust.vault import cards, documents
from amana.trust.vault.compartments import Compartment as C

from .knowledge import FIELDS, NEEDED, SENDERS, Known
from .mechanism_life import MechanismLife
from .surroundings import committed


class CaseWork(MechanismLife):
    """Open cases, write in them, and keep them to named people or offer them."""

    @precondition(lambda self: len(self.cases) < 3)
    @rule(team=some.sampled_from(SENDERS))
    def meet_someone(self, team: str) -> None:
        fields: dict[str, Any] = {name: self.word() for name in FIELDS}
        with committed():
            case = given.make_case(
                worked_on_by=self.people[f"{team} supervisor"],
                team=self.teams[team],
                needs=[StatedNeed(NEEDED, Urgency.U2, fields["needs.words"])],
                **{name.replace(".", "_"): text for name, text in fields.items()},
            )
        self.cases[case.pk] = Known(team, fields, set(fields.values()))

    @precondition(lambda self: self.cases)
    @rule(data=some.data(), part=some.sampled_from(["needs", "narrative", "contact"]))
    def write_something(self, data: some.DataObject, part: str) -> None:
        case, known = self.some_case(data)
        text = self.word()
        with committed():
            cases.add_note(self.row(case), C(part), text, by=self.lead_of(case))
        known.words.add(text)

    @precondition(lambda self: self.cases)
    @rule(data=some.data())
    def correct_something(self, data: some.DataObject) -> None:
        """The new revision is read, and the one before stays in the history."""
        case, known = self.some_case(data)
        text, by = self.word(), self.lead_of(case)
        opened = documents.open_documents(case, [C.NEEDS], by=by, purpose="case")
        with committed():
            cases.rewrite(
                self.row(case),
                C.NEEDS,
                {"wishes": text},
                replacing=opened[C.NEEDS, "record"].revision,
                by=by,
            )
        known.fields["needs.wishes"] = text
        known.words.add(text)

    @precondition(lambda self: self.cases)
    @rule(data=some.data())
    def keep_a_file(self, data: some.DataObject) -> None:
        case, known = self.some_case(data)
        text = self.word()
        with committed():
            documents.seal_file(
                case, C.EVIDENCE, f"a file: {text}".encode(), by=self.lead_of(case)
            )
        known.files.add(text)

    @precondition(lambda self: self.cases)
    @rule(data=some.data(), how=some.sampled_from(["page", "search", "history"]))
    def look(self, data: some.DataObject, how: str) -> None:
        """Each look is in the case's access list, or there was none."""
        case, known = self.some_case(data)
        by = self.lead_of(case)
        before = log.find_events_about(case).count()
        if how == "page":
            documents.open_documents(case, by=by, purpose="case")
        elif how == "history":
            documents.open_document_history(case, C.IDENTITY, by=by, purpose="case")
        else:
            hits = cards.search_cards(known.fields["identity.name"], by=by)
            assert case in [hit.case for hit in hits]
        assert log.find_events_about(case).count() == before + 1

    @precondition(
        lambda self: any(
            k.people is None and not k.offered for k in self.cases.values()
        )
    )
    @rule(data=some.data(), with_worker=some.booleans())
    def keep_to_named_people(self, data: some.DataObject, with_worker: bool) -> None:
        case, known = self.some_case(data, lambda k: k.people is None and not k.offered)
        named = {f"{known.team} supervisor"}
        if with_worker and f"{known.team} worker" in self.members[known.team]:
            named.add(f"{known.team} worker")
        with committed():
            cases.restrict(
                self.row(case),
                people=[self.people[name] for name in named],
                by=self.lead_of(case),
            )
        known.people = named

    @precondition(
        lambda self: any(
            k.people is not None and not k.offered for k in self.cases.values()
        )
    )
    @rule(data=some.data())
    def give_back_to_the_team(self, data: some.DataObject) -> None:
        suits = lambda k: k.people is not None and not k.offered  # noqa: E731
        case, known = self.some_case(data, suits)
        with committed():
            cases.lift_restriction(self.row(case), by=self.lead_of(case))
        known.people = None

    @precondition(lambda self: any(not k.offered for k in self.cases.values()))
    @rule(data=some.data())
    def offer_to_another_team(self, data: some.DataObject) -> None:
        case, known = self.some_case(data, lambda k: not k.offered)
        to = "outreach" if known.team == "shelter" else "shelter"
        agreed = self.word()
        with committed():
            cases.offer_transfer(
                self.row(case),
                to=self.teams[to],
                agreed=agreed,
                by=self.lead_of(case),
            )
        known.words.add(agreed)
        known.offered = to

    @precondition(lambda self: any(k.offered for k in self.cases.values()))
    @rule(data=some.data(), accept=some.booleans())
    def answer_the_offer(self, data: some.DataObject, accept: bool) -> None:
        case, known = self.some_case(data, lambda k: bool(k.offered))
        transfer = Transfer.objects.waiting().get(case=case)
        by = self.people[f"{known.offered} supervisor"]
        with committed():
            cases.answer_transfer(transfer, accept=accept, reason="no_capacity", by=by)
        if accept:
            assert known.offered
            known.team, known.people = known.offered, None
        known.offered = None
