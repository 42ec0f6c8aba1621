"""One question to one person: what could be shared with whom, before she answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import need_kinds
from amana.care.cases.fields import FIELDS, may_be_child
from amana.care.cases.models import Case, Need
from amana.care.cases.rules import list_readable_parts
from amana.care.consent import guardianship, purposes
from amana.care.consent.models import Consent
from amana.care.consent.payload import ConsentPayload
from amana.care.consent.purposes import WORDS
from amana.care.consent.values import has_value
from amana.design.directory.codes import is_language
from amana.errors import Refused
from amana.trust.access.models import Sphere, Team, User
from amana.trust.access.rules import find_members_answering
from amana.trust.vault import documents
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.disclosures import is_allowed
from amana.trust.vault.documents import RECORD, OpenedDocument


@dataclass(frozen=True)
class ConsentFormContext:
    """What the form needs to know of a case: presence, never a value."""

    case: Case
    recipients: tuple[Team, ...]
    """In the order in which they are asked: the first who says yes is told."""
    purpose: str
    need: Need | None
    """Of a referral: the one that it is about."""
    present: frozenset[str]
    """The fields in which something is written, as far as who asks may know."""
    unknown: frozenset[str]
    """The fields of parts that their role does not open: written or not."""
    child: bool
    answers: tuple[Consent.GivenBy, ...]
    language: str
    """The first language that she speaks; empty where we don't know."""
    identity: Mapping[str, object]
    outside: tuple[Team, ...] = ()
    """Recipients that don't use Amana: they get it on paper, or by a spoken code."""

    @property
    def recipient(self) -> Team:
        return self.recipients[0]

    @property
    def spheres(self) -> list[Sphere]:
        found = (Sphere(team.organisation.sphere) for team in self.recipients)
        return list(dict.fromkeys(found))

    @property
    def may_be_shared(self) -> list[str]:
        """Within every recipient's ceiling, and of use for the purpose."""
        return [
            key
            for key in FIELDS
            if all(is_allowed(sphere, key) for sphere in self.spheres)
            and purposes.is_suitable(self.purpose, key)
        ]

    @property
    def offered(self) -> list[str]:
        """Of these what is recorded, or may be: no one agrees to an empty field."""
        told = self.present | self.unknown
        return [key for key in self.may_be_shared if key in told]

    @property
    def enough(self) -> list[str]:
        usual = [
            purposes.list_usual_fields(self.purpose, sphere) for sphere in self.spheres
        ]
        first, *others = usual
        in_all = (key for key in first if all(key in other for other in others))
        return [key for key in in_all if key in self.present]

    @property
    def purpose_in_words(self) -> str:
        return str(Consent.Purpose(self.purpose).label)

    @property
    def never(self) -> list[Compartment]:
        """What can never be sent to these kinds of organisation."""
        ceilings = [CEILING[sphere] for sphere in self.spheres]
        return [c for c in Compartment if not all(c in ceiling for ceiling in ceilings)]

    @property
    def text_url(self) -> str:
        """Where the text about what is ticked comes from."""
        first, *others = self.recipients
        about: dict[str, object] = {"then": [team.pk for team in others]}
        if self.need:
            about["need"] = self.need.pk
        url = reverse("consent:text", args=[self.case.pk, first.pk, self.purpose])
        return f"{url}?{urlencode(about, doseq=True)}" if about else url

    def payload(
        self,
        fields: Collection[str],
        *,
        expires_at: datetime,
        letters: Collection[str] = (),
    ) -> ConsentPayload:
        """Build what would be shared if she agreed to these fields."""
        told = [key for key in self.offered if key in fields]
        return ConsentPayload(
            case=self.case,
            recipients=self.recipients,
            purpose=self.purpose,
            expires_at=expires_at,
            fields=tuple(told),
            perhaps=frozenset(told) & self.unknown,
            need=self.need,
            letters=frozenset(letters),
            outside=self.outside,
        )


def open_question(
    case: Case,
    *,
    recipients: Sequence[Team],
    purpose: str,
    by: User,
    need: Need | None = None,
) -> ConsentFormContext:
    """Open the case, with an audit event, for what could be shared."""
    ceilings = [CEILING[Sphere(team.organisation.sphere)] for team in recipients]
    parts, needs = list_readable_parts(by, case), list_needs_asked(case, need)
    opened = documents.open_documents(
        case.pk,
        {
            # Who may answer, and which help is asked for, are needed whatever may be
            # shared.
            *(Compartment.IDENTITY, need_kinds.PART),
            *(frozenset.intersection(*ceilings) & parts),
        },
        by=by,
        purpose="consent",
        names=[RECORD, *(asked.document for asked in needs)],
    )
    need_kinds.read(needs, opened)
    if need:
        need_kinds.require([need])
    require_in_bounds(recipients, need)
    records = collect_records(opened, list_shareable_needs(needs, recipients))
    identity = records.get(Compartment.IDENTITY, {})
    return ConsentFormContext(
        case=case,
        recipients=tuple(recipients),
        purpose=purpose,
        need=need,
        present=frozenset(list_written_fields(records)),
        unknown=frozenset(k for k, f in FIELDS.items() if f.compartment not in parts),
        child=may_be_child(identity),
        answers=tuple(guardianship.list_givers(identity)),
        language=choose_language(identity.get("languages")),
        identity=identity,
        outside=list_teams_outside(recipients),
    )


def reopen_question(consent: Consent, *, by: User) -> ConsentFormContext:
    """Ask the same question again about what is agreed already."""
    asked = open_question(
        consent.case,
        recipients=[consent.recipient],
        purpose=consent.purpose,
        need=consent.need,
        by=by,
    )
    # Also what is no longer recorded, for the recipient may hold it: she hears all of
    # it once more.
    return replace(asked, present=asked.present | set(consent.fields))


def open_identity(case: Case, *, by: User) -> Mapping[str, object]:
    """Open who the person is, with an audit event: that decides who may answer."""
    part = Compartment.IDENTITY
    opened = documents.open_documents(
        case.pk, [part], by=by, purpose="consent", names=[RECORD]
    )
    return collect_records(opened, ()).get(part, {})


def list_teams_outside(recipients: Sequence[Team]) -> tuple[Team, ...]:
    """List those that don't use Amana, as `can_answer_in_amana` decides for one; in one
    query."""
    there = find_members_answering().filter(team__in=[team.pk for team in recipients])
    inside = set(there.values_list("team", flat=True))
    return tuple(team for team in recipients if team.pk not in inside)


def require_in_bounds(recipients: Sequence[Team], need: Need | None) -> None:
    """Refuse a need that one of these kinds of organisation may never hear of: by what
    was opened of it, never by its row."""
    for team in recipients:
        why = need and purposes.describe_out_of_bounds(
            team.organisation.sphere, need.type
        )
        if why and len(recipients) > 1:
            raise Refused(_("%(team)s: %(why)s") % {"team": team, "why": why})
        if why:
            raise Refused(why)


def list_needs_asked(case: Case, need: Need | None) -> list[Need]:
    """List the need that a referral is about; where help is planned together, each that
    isn't over."""
    if need is not None:
        return [need]
    return list(case.needs.unsettled().order_by("raised_at", "pk"))


def list_shareable_needs(
    needs: Iterable[Need], recipients: Sequence[Team]
) -> list[Need]:
    """List those of these needs that were opened, and of which all of these may
    hear."""
    return [
        need
        for need in needs
        if need.is_known
        and all(
            purposes.may_learn(team.organisation.sphere, need.type)
            for team in recipients
        )
    ]


def collect_records(
    opened: Mapping[tuple[Compartment, str], OpenedDocument], needs: Iterable[Need]
) -> dict[Compartment, dict[str, object]]:
    """Collect the records by part, with her words about these needs, which are in
    documents of their own."""
    records = {
        c: dict(document.content)
        for (c, name), document in opened.items()
        if name == RECORD
    }
    of_needs = {need.document for need in needs}
    said = [
        str(document.content.get(need_kinds.WORDS, "")).strip()
        for (_part, name), document in sorted(opened.items())
        if name in of_needs
    ]
    record = records.setdefault(Compartment.NEEDS, {})
    record[FIELDS[WORDS].name] = "\n\n".join(words for words in said if words)
    return records


def list_written_fields(
    records: Mapping[Compartment, Mapping[str, object]],
) -> list[str]:
    return [
        key
        for key, field in FIELDS.items()
        if has_value(records.get(field.compartment, {}).get(field.name))
    ]


def choose_language(spoken: object) -> str:
    codes = spoken if isinstance(spoken, list) else [spoken]
    return next((str(code) for code in codes if code and is_language(str(code))), "")
