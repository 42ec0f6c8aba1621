"""From files to a draft, from a draft to what everybody works by."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from openpyxl import Workbook

from amana import given
from amana.design.mechanism import (
    actions,
    choosing,
    pack_memory,
    sent,
    steps,
    version_contents,
    writing,
)
from amana.design.mechanism.actions import ChangedMeanwhile, UnplacedRecord
from amana.design.mechanism.events import asked_what_cannot_move, version_in_force
from amana.design.mechanism.models import (
    Comment,
    Mechanism,
    RoleHolder,
    RolePlayer,
    Signature,
    State,
    Version,
)
from amana.design.mechanism.pack_memory import FaultyPack
from amana.design.mechanism.sent import CheckedFile
from amana.design.mechanism.tests.packs import PATHWAY, small
from amana.errors import Changed, Refused
from amana.trust.access.models import Role
from amana.trust.audit.models import AuditEvent

DUE = ("steps", "decide", "due")


def clock(files):
    return writing.read_piece(files, "pathway.yaml", DUE)


def set_clock(to):
    return lambda files: writing.write_value(files, "pathway.yaml", DUE, to)


def a_form_without_compartments() -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    survey = book.create_sheet("survey")
    survey.append(["type", "name", "label"])
    survey.append(["text", "story", "What happened?"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def did() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("did", flat=True))


class TestBringing:
    def test_files_become_a_draft_with_their_titles(self, draft, house, office):
        assert (draft.number, draft.state) == (1, State.DRAFT)
        assert draft.mechanism.title == "Harbour mechanism"
        assert draft.mechanism.code == "harbour"
        assert draft.content() == small()
        assert did() == ["brought mechanism"]

    def test_organisations_of_the_same_name_are_found(self, draft, house, office):
        seats = dict(RoleHolder.objects.values_list("code", "organisation"))
        assert seats == {"house": house.pk, "office": office.pk}

    def test_any_fault_refuses_the_whole(self, coordinator):
        bad = PATHWAY.replace("next: agreed", "next: nowhere")
        with pytest.raises(FaultyPack) as refused:
            actions.load_draft(small(pathway=bad), by=coordinator)

        assert refused.value.faults[0].file == "pathway.yaml"
        assert refused.value.faults[0].line
        assert not Version.objects.exists()
        assert not Mechanism.objects.exists()
        assert did() == []

    def test_the_same_id_again_is_the_next_version(self, draft, coordinator):
        again = actions.load_draft(small(), by=coordinator)
        assert (again.mechanism, again.number) == (draft.mechanism, 2)

    def test_nobody_else_brings_files(self, supervisor, worker, stranger):
        for someone in (supervisor, worker, stranger):
            with pytest.raises(PermissionDenied):
                actions.load_draft(small(), by=someone)
        assert not Version.objects.exists()

    def test_the_administrator_may_begin_with_what_is_shipped(
        self, administrator, tmp_path
    ):
        for path, content in small().items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(content)

        version = actions.adopt_shipped(tmp_path, by=administrator)

        assert choosing.find_first_version() == version
        assert did()[-2:] == ["adopted mechanism as shipped", "put mechanism in force"]
        with pytest.raises(Refused, match="To change it, make a draft"):
            actions.adopt_shipped(tmp_path, by=administrator)
        assert Version.objects.count() == 1


class TestWriting:
    def test_a_draft_is_changed_piece_by_piece(self, draft, coordinator):
        before = draft.sha256
        actions.edit_draft(
            draft, set_clock("P10B"), by=coordinator, read=clock, seen="P5D"
        )
        assert clock(draft.content()) == "P10B"
        assert draft.sha256 != before
        assert draft.revision == 1
        assert did()[-1] == "changed draft"

    def test_the_second_of_two_is_told_what_changed(self, draft, coordinator):
        actions.edit_draft(
            draft, set_clock("P7D"), by=coordinator, read=clock, seen="P5D"
        )
        with pytest.raises(ChangedMeanwhile) as told:
            actions.edit_draft(
                draft, set_clock("P10B"), by=coordinator, read=clock, seen="P5D"
            )
        assert told.value.now == "P7D"
        assert clock(Version.objects.get().content()) == "P7D"

    def test_two_who_change_different_pieces_do_not_meet(self, draft, coordinator):
        mine, theirs = Version.objects.get(), Version.objects.get()
        actions.edit_draft(
            mine, set_clock("P7D"), by=coordinator, read=clock, seen="P5D"
        )
        actions.edit_draft(
            theirs,
            lambda files: writing.write_value(
                files, "pathway.yaml", ("steps", "meet", "remind"), "PT15M"
            ),
            by=coordinator,
        )
        said = Version.objects.get().content()
        assert clock(said) == "P7D"
        assert writing.read_piece(said, "pathway.yaml", ("steps", "meet", "remind"))

    def test_only_coordinators_write(
        self, draft, supervisor, worker, administrator, stranger
    ):
        for someone in (supervisor, worker, administrator, stranger):
            with pytest.raises(PermissionDenied):
                actions.edit_draft(draft, set_clock("P1D"), by=someone)
        assert clock(Version.objects.get().content()) == "P5D"

    def test_what_is_discussed_is_not_changed(self, discussed, coordinator):
        with pytest.raises(PermissionDenied):
            actions.edit_draft(discussed, set_clock("P1D"), by=coordinator)

    def test_a_form_with_mistakes_is_refused_with_their_rows(self):
        content = a_form_without_compartments()
        checked, faults = sent.check_form("forms/plain.xlsx", content, by=1)
        assert checked is None
        assert faults[0].file.startswith("forms/plain.xlsx")

    def test_a_file_is_replaced_unless_it_has_mistakes(
        self, draft, coordinator, worker
    ):
        path, given = "services/places.json", draft.content()
        checked, _faults = sent.check_file(given, path, b"[]", by=1)
        assert checked == CheckedFile(path, b"[]")
        actions.put_file_in_draft(draft, checked, by=coordinator)
        assert Version.objects.get().content()[path] == b"[]"
        wrong = sent.check_file(given, "screening/x.yaml", b"form: [", by=1)
        assert wrong[0] is None
        assert {fault.file for fault in wrong[1]} == {"screening/x.yaml"}
        with pytest.raises(PermissionDenied):
            actions.put_file_in_draft(draft, checked, by=worker)

    def test_a_step_is_found_again_through_several_versions(
        self, in_force, coordinator
    ):
        second = actions.begin_draft(in_force, by=coordinator)
        actions.rename_step(second, "decide", "decision", by=coordinator)
        third = actions.begin_draft(second, by=coordinator)
        actions.rename_step(third, "decision", "verdict", by=coordinator)
        actions.rename_step(third, "meet", "first", by=coordinator)

        assert third.renamed_since(second) == {"decision": "verdict", "meet": "first"}
        assert third.renamed_since(in_force) == {"decide": "verdict", "meet": "first"}
        assert in_force.renamed_since(third) == {}

    def test_a_step_with_another_code_is_remembered(self, draft, coordinator):
        actions.rename_step(draft, "decide", "decision", by=coordinator)
        actions.rename_step(draft, "decision", "verdict", by=coordinator)

        assert Version.objects.get().renamed == {"decide": "verdict"}
        said = draft.content()
        assert "verdict" in writing.read_piece(
            said, "law.yaml", ("palermo", "honoured_by")
        )
        assert version_contents.read_version(draft)[1] == []
        with pytest.raises(Refused, match="This step no longer exists"):
            actions.rename_step(draft, "decide", "other", by=coordinator)
        with pytest.raises(Refused, match="already has this code"):
            actions.rename_step(draft, "verdict", "meet", by=coordinator)

    def test_a_draft_begins_from_a_version(self, in_force, coordinator, worker):
        draft = actions.begin_draft(in_force, by=coordinator)
        assert (draft.number, draft.made_from, draft.state) == (2, in_force, "draft")
        assert draft.content() == in_force.content()
        assert draft.sha256 == in_force.sha256
        with pytest.raises(PermissionDenied):
            actions.begin_draft(in_force, by=worker)

    def test_a_draft_can_be_thrown_away(self, draft, coordinator, worker):
        with pytest.raises(PermissionDenied):
            actions.discard(draft, by=worker)
        actions.discard(draft, by=coordinator)
        assert not Version.objects.exists()
        assert did()[-1] == "discarded draft"

    def test_what_others_spoke_of_stays(self, discussed, coordinator, worker):
        actions.add_comment(discussed, "Too soon.", by=worker)
        actions.return_to_draft(discussed, by=coordinator)
        with pytest.raises(Refused, match="Others have commented on or signed"):
            actions.discard(discussed, by=coordinator)


class TestDiscussing:
    def test_a_draft_with_faults_is_not_shown_to_all(self, draft, coordinator):
        actions.edit_draft(
            draft,
            lambda files: steps.remove_step(files, ("steps", "goodbye")),
            by=coordinator,
        )
        with pytest.raises(FaultyPack):
            actions.open_consultation(draft, by=coordinator)
        assert Version.objects.get().state == State.DRAFT

    def test_everybody_comments_and_a_coordinator_answers(
        self, discussed, coordinator, worker, house, stranger
    ):
        said = actions.add_comment(
            discussed, " Five days are short. ", by=worker, step="decide"
        )
        assert (said.words, said.organisation) == ("Five days are short.", house)
        with pytest.raises(PermissionDenied):
            actions.add_comment(discussed, "Hello", by=stranger)
        with pytest.raises(PermissionDenied):
            actions.answer_comment(said, by=worker)

        actions.answer_comment(said, by=coordinator, answer="Ten now.")

        assert not Comment.objects.open().exists()
        with pytest.raises(Changed):
            actions.answer_comment(said, by=coordinator)
        assert did()[-2:] == ["commented on draft", "settled comment"]

    def test_a_comment_needs_words(self, discussed, worker):
        with pytest.raises(Refused, match="Enter a comment"):
            actions.add_comment(discussed, "  ", by=worker)

    def test_no_draft_is_commented_on(self, draft, worker):
        with pytest.raises(PermissionDenied):
            actions.add_comment(draft, "Hello", by=worker)


class TestAgreeing:
    def test_each_organisation_signs_once_for_itself(
        self, discussed, supervisor, coordinator, worker, house, office
    ):
        actions.sign(
            discussed, organisation=house, sha256=discussed.sha256, by=supervisor
        )
        with pytest.raises(Refused, match="has already signed"):
            actions.sign(
                discussed, organisation=house, sha256=discussed.sha256, by=supervisor
            )
        for organisation, by in ((office, supervisor), (house, worker)):
            with pytest.raises(PermissionDenied):
                actions.sign(
                    discussed, organisation=organisation, sha256=discussed.sha256, by=by
                )
        assert Signature.objects.get().sha256 == discussed.sha256

    def test_others_are_not_asked_to_sign(self, discussed):
        other = given.make_organisation(name="Border Guard")
        by = given.make_worker(of=given.make_team(of=other), role=Role.SUPERVISOR)
        with pytest.raises(Refused, match="does not ask"):
            actions.sign(discussed, organisation=other, sha256=discussed.sha256, by=by)

    def test_nobody_signs_what_they_have_not_read(self, discussed, supervisor, house):
        with pytest.raises(Changed, match="read them again"):
            actions.sign(discussed, organisation=house, sha256="0" * 64, by=supervisor)

    def test_nothing_is_adopted_before_all_have_signed(
        self, discussed, coordinator, supervisor, house
    ):
        actions.sign(
            discussed, organisation=house, sha256=discussed.sha256, by=supervisor
        )
        with pytest.raises(Refused, match="Coordination Office"):
            actions.adopt(discussed, by=coordinator)

    def test_signatures_of_other_words_do_not_count(
        self, discussed, coordinator, supervisor, house, office
    ):
        for organisation, by in ((house, supervisor), (office, coordinator)):
            actions.sign(
                discussed, organisation=organisation, sha256=discussed.sha256, by=by
            )
        actions.return_to_draft(discussed, by=coordinator)
        actions.edit_draft(discussed, set_clock("P10B"), by=coordinator)
        actions.open_consultation(discussed, by=coordinator)

        with pytest.raises(Refused, match="Dar Amal"):
            actions.adopt(discussed, by=coordinator)

    def test_only_those_who_are_named_have_to_sign(
        self, draft, coordinator, supervisor, house
    ):
        actions.edit_draft(
            draft,
            lambda files: writing.write_value(
                files, "mechanism.yaml", ("signed_by",), ["house"]
            ),
            by=coordinator,
        )
        actions.open_consultation(draft, by=coordinator)
        assert version_contents.list_unsigned_names(draft) == ["Dar Amal"]
        actions.sign(draft, organisation=house, sha256=draft.sha256, by=supervisor)
        actions.adopt(draft, by=coordinator)
        assert draft.state == State.ADOPTED

    def test_a_version_is_put_in_force_and_others_are_told(
        self, adopted, coordinator, worker
    ):
        heard = []

        def hear(sender, version, was, by, **more):
            heard.append((version, was, by))

        version_in_force.connect(hear)
        try:
            with pytest.raises(PermissionDenied):
                actions.put_in_force(adopted, by=worker)
            assert choosing.find_first_version() is None
            actions.put_in_force(adopted, by=coordinator)
        finally:
            version_in_force.disconnect(hear)

        assert heard == [(adopted, None, coordinator)]
        assert choosing.find_first_version() == adopted

    def test_the_next_version_takes_its_place(self, in_force, coordinator, supervisor):
        draft = actions.begin_draft(in_force, by=coordinator)
        actions.open_consultation(draft, by=coordinator)
        for seat, by in (("house", supervisor), ("office", coordinator)):
            organisation = RoleHolder.objects.get(code=seat).organisation
            actions.sign(draft, organisation=organisation, sha256=draft.sha256, by=by)
        with pytest.raises(Refused):
            actions.put_in_force(draft, by=coordinator)
        actions.adopt(draft, by=coordinator)
        actions.put_in_force(draft, by=coordinator)

        in_force.refresh_from_db()
        assert in_force.state == State.SUPERSEDED
        assert in_force.superseded_at <= timezone.now()
        assert choosing.find_first_version() == draft

    def test_one_sees_beforehand_what_cannot_move(self, adopted, coordinator):
        stuck = UnplacedRecord("the case", "its step is gone")

        def answer(sender, version, **more):
            return [stuck] if version == adopted else []

        asked_what_cannot_move.connect(answer)
        try:
            assert actions.list_unplaced(adopted, by=coordinator) == [stuck]
        finally:
            asked_what_cannot_move.disconnect(answer)

    def test_the_pack_is_read_once_for_each_wording(self, in_force, monkeypatch):
        first = Version.objects.in_force().get().pack
        monkeypatch.setattr(pack_memory, "read_files", None)
        assert Version.objects.in_force().get().pack is first
        assert set(first.roles) == {"responder", "authority"}


class TestTheNamesInIt:
    def test_a_keeper_says_which_agency_is_meant(
        self, draft, coordinator, worker, house
    ):
        other = given.make_organisation(name="Harbour House")
        with pytest.raises(PermissionDenied):
            actions.bind_organisation(draft.mechanism, "house", other, by=worker)
        actions.bind_organisation(draft.mechanism, "house", other, by=coordinator)
        assert version_contents.map_signatories(draft)["house"] == other.pk
        actions.bind_organisation(draft.mechanism, "house", None, by=coordinator)
        assert "house" not in version_contents.map_signatories(draft)

    def test_a_team_is_given_a_role_once(self, in_force, coordinator, worker, house):
        team = house.teams.first()
        with pytest.raises(PermissionDenied):
            actions.give_part(in_force.mechanism, "responder", team, by=worker)
        part = actions.give_part(in_force.mechanism, "responder", team, by=coordinator)
        actions.give_part(in_force.mechanism, "responder", team, by=coordinator)
        assert RolePlayer.objects.get() == part
        with pytest.raises(PermissionDenied):
            actions.end_part(part, by=worker)
        actions.end_part(part, by=coordinator)
        assert not RolePlayer.objects.exists()
