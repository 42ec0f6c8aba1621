"""What is known of the person of a case, for a search for services that fit."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amana.care.cases import companions, need_kinds
from amana.care.cases.companions import Companion, count_adults, count_children
from amana.care.cases.fields import Flag, may_be_child
from amana.care.cases.models import Case, Need
from amana.design.directory.matching import Ages, Person
from amana.design.directory.taxonomy import PersonGroup
from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import RECORD
from amana.ui.typed import parse_small_int

C = Compartment
G = PersonGroup

GROUP_OF_FLAG = {
    Flag.TRAFFICKING: G.TRAFFICKED,
    Flag.SMUGGLING: G.SMUGGLED,
    Flag.AGGRAVATED_SMUGGLING: G.SMUGGLED,
    Flag.GBV: G.GBV_SURVIVOR,
    Flag.CHILD: G.CHILD_AT_RISK,
}


@dataclass(frozen=True)
class PersonProfile:
    """Empty, None, or absent from a set is "not known", and never "no"."""

    name: str
    sex: str
    age: int | None
    born: str
    child: bool
    """May be a child: in doubt, yes."""
    alone: bool
    """A child for whom a guardian has to be found."""
    nationalities: frozenset[str]
    languages: frozenset[str]
    companions: tuple[Companion, ...] | None
    """Who comes along; empty: no one; None: not known."""
    access_needs: frozenset[str]
    status: str
    documents: frozenset[str]
    flags: frozenset[str]
    exploitation: frozenset[str]
    refuses: frozenset[str]
    prefers: frozenset[str]
    area: str
    wishes: str
    interpreter: str

    @property
    def children(self) -> int | None:
        return count_children(self.companions)

    @property
    def groups(self) -> frozenset[str]:
        groups = {GROUP_OF_FLAG[Flag(f)] for f in self.flags if f in GROUP_OF_FLAG}
        if self.children:
            groups |= {G.FAMILY, G.SINGLE_PARENT}
        if self.access_needs:
            groups.add(G.DISABILITY)
        if self.alone:
            groups.add(G.UNACCOMPANIED_CHILD)
        return frozenset(groups)

    def for_need(self, *wanted: Collection[str], at: datetime, **more: Any) -> Person:
        """Build the person as matching knows people, with what else the search
        needs."""
        known: dict[str, Any] = {
            "sex": self.sex or None,
            "ages": Ages(self.age, self.age) if self.age is not None else None,
            "perhaps_child": self.child,
            "nationalities": self.nationalities or None,
            "statuses": frozenset({self.status}) if self.status else None,
            "exploitation": self.exploitation or None,
            "groups": self.groups,
            "children": self.children,
            "adults": count_adults(self.companions),
            "access_needs": self.access_needs or frozenset(),
            "documents": self.documents,
            "languages": self.languages,
            "refuses": self.refuses,
            "prefers": self.prefers,
        }
        needs = tuple(frozenset(types) for types in wanted)
        return Person(needs=needs, at=at, **known | more)


def load_person(
    case: Case, *, by: User, purpose: str, needs: Iterable[Need] = ()
) -> PersonProfile:
    """Open what matching asks for, with one audit event; these needs know their kind
    afterwards."""
    sought = list(needs)
    opened = documents.open_documents(
        case.pk,
        [C.IDENTITY, C.NEEDS, C.NARRATIVE, C.MIGRATION],
        by=by,
        purpose=purpose,
        names=[RECORD, *(need.document for need in sought)],
    )
    need_kinds.read(sought, opened)
    records = {
        c: document.content for (c, name), document in opened.items() if name == RECORD
    }
    return build_known(records)


def build_known(records: Mapping[Compartment, Mapping[str, object]]) -> PersonProfile:
    identity, needs = records.get(C.IDENTITY, {}), records.get(C.NEEDS, {})
    story, migration = records.get(C.NARRATIVE, {}), records.get(C.MIGRATION, {})
    child = may_be_child(identity)
    return PersonProfile(
        name=read_word(identity.get("name")),
        sex=read_word(identity.get("sex")),
        age=read_number(identity.get("age")),
        born=read_word(identity.get("birth_date")),
        child=child,
        alone=child and identity.get("guardian_state") == "needed",
        nationalities=read_codes(identity.get("nationality")),
        languages=read_codes(identity.get("languages")),
        companions=companions.read_companions(needs.get("companions")),
        access_needs=read_codes(needs.get("disability")),
        status=read_word(migration.get("status")),
        documents=read_codes(migration.get("documents")),
        flags=read_codes(story.get("flags")),
        exploitation=read_codes(story.get("exploitation")),
        refuses=read_codes(needs.get("refuses")),
        prefers=read_codes(needs.get("prefers")),
        area=read_word(needs.get("area")),
        wishes=read_word(needs.get("wishes")),
        interpreter=read_word(needs.get("interpreter")),
    )


def read_word(value: object) -> str:
    return value if isinstance(value, str) else ""


def read_number(value: object) -> int | None:
    return parse_small_int(str("" if value is None else value).strip())


def read_codes(value: object) -> frozenset[str]:
    """Read a list of codes; a lone code is a list of one."""
    if isinstance(value, str):
        return frozenset({value}) if value else frozenset()
    if not isinstance(value, list | tuple | set | frozenset):
        return frozenset()
    return frozenset(code for code in value if isinstance(code, str) and code)
