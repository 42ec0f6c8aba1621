"""What a mechanism's files say, as a reader wants to see it; also unfinished ones.

Pure. It trusts nothing that it reads: what is missing or odd is left out, and
`pathway.check` is the one that says what is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from amana.design.pathway.plain import Plain
from amana.working_time import InvalidTimeSpan, TimeSpan, parse_span

type Text = Mapping[str, str]

KINDS = ("do", "choose", "together", "decide", "tell", "wait", "part")
URGENCIES = ("U0", "U1", "U2", "U3")
SPHERES = ("humanitarian", "health", "legal", "law_enforcement", "border")


def read_map(said: object) -> dict[str, Any]:
    return dict(said) if isinstance(said, Mapping) else {}


def read_list(said: object) -> list[Any]:
    """Read a list; one thing alone counts as a list of it."""
    if said is None:
        return []
    return list(said) if isinstance(said, list | tuple) else [said]


def read_text(said: object) -> dict[str, str]:
    """Read words by language; "" is the key of words without one."""
    if isinstance(said, Mapping):
        return {str(key): str(value or "") for key, value in said.items()}
    return {"": str(said)} if said is not None and said != "" else {}


def choose_words(language: str, words: Text) -> str:
    """Choose the words in this language, or else in the first that there is."""
    return words.get(language) or next((word for word in words.values() if word), "")


def read_span(said: object) -> TimeSpan | None:
    try:
        return parse_span(said)
    except InvalidTimeSpan:
        return None


@dataclass(frozen=True)
class OutlineBranch:
    """A way out of a step: when, and where to."""

    to: str
    when: str = ""
    """The condition, as it is written."""
    otherwise: bool = False
    message: str = ""
    after: Mapping[str, str] = field(default_factory=dict)
    """By urgency, as `Step.due`."""


@dataclass(frozen=True)
class OutlineStep:
    id: str
    kind: str
    title: Text
    how: Text
    part: str = ""
    """The sub-pathway in which it stands."""
    role: str = ""
    form: str = ""
    screening: str = ""
    gives: Plain = field(default_factory=dict)
    due: Mapping[str, str] = field(default_factory=dict)
    """By urgency; "" is for all alike."""
    remind: Mapping[str, str] = field(default_factory=dict)
    late: tuple[str, ...] = ()
    leads: tuple[OutlineBranch, ...] = ()
    beside: tuple[str, ...] = ()
    """Steps that begin together here."""
    each: str = ""
    decides_by: str = ""
    tells: str = ""
    message: str = ""
    runs: str = ""
    """The sub-pathway that it runs."""
    end: str = ""
    plain: Plain = field(default_factory=dict, repr=False)

    @property
    def place(self) -> tuple[str | int, ...]:
        """Its place in pathway.yaml."""
        within = ("parts", self.part) if self.part else ()
        return (*within, "steps", self.id)


@dataclass(frozen=True)
class Outline:
    title: Text
    notice: Text
    languages: tuple[str, ...]
    start: str
    steps: Mapping[str, OutlineStep]
    roles: Mapping[str, Plain]
    organisations: Mapping[str, Plain]
    partners: Mapping[str, Text]
    parts: Mapping[str, Text]
    """The title of each sub-pathway, by its code."""
    starts_with: Plain
    interrupts: Mapping[str, Plain]
    forms: tuple[str, ...]
    """The names of its forms, as steps use them."""
    plain: Plain = field(repr=False)

    def by_hand(self) -> list[OutlineStep]:
        """List the steps at which a person does something."""
        return [step for step in self.steps.values() if step.kind == "do"]

    def of_role(self, role: str) -> list[OutlineStep]:
        return [step for step in self.by_hand() if step.role == role]

    def leading_to(self, step: str) -> list[OutlineStep]:
        return [
            other
            for other in self.steps.values()
            if any(lead.to == step for lead in other.leads) or step in other.beside
        ]

    def known(self) -> dict[str, list[str]]:
        """Map the names that a condition may ask for to the codes that each may be."""
        found: dict[str, list[str]] = {}
        given = [self.starts_with, *(step.gives for step in self.steps.values())]
        for codes in given:
            for name, values in codes.items():
                listed = [str(value) for value in values] if is_codes(values) else []
                # Two steps may leave different codes under one name; a condition may
                # ask for any of them.
                found.setdefault(name, [])
                found[name] += [code for code in listed if code not in found[name]]
        for step in self.steps.values():
            if step.kind == "decide" and (given_as := step.plain.get("gives")):
                found.setdefault(str(given_as), list(self._outcomes(step.decides_by)))
        return found

    def _outcomes(self, table: str) -> Iterator[str]:
        seen = set()
        for row in read_list(
            read_map(self.plain.get(f"decisions/{table}.yaml")).get("rows")
        ):
            then = str(read_map(row).get("then", ""))
            if then and then not in seen:
                seen.add(then)
                yield then


def is_codes(values: object) -> bool:
    return isinstance(values, list)


def build_outline(plain: Plain, paths: Iterable[str] = ()) -> Outline:
    mechanism = read_map(plain.get("mechanism.yaml"))
    pathway = read_map(plain.get("pathway.yaml"))
    parts = read_map(pathway.get("parts"))
    steps = dict(iterate_steps(pathway.get("steps"), ""))
    for name, part in parts.items():
        steps |= dict(iterate_steps(read_map(part).get("steps"), name))
    return Outline(
        title=read_text(mechanism.get("title")),
        notice=read_text(mechanism.get("notice")),
        languages=tuple(
            str(language) for language in read_list(mechanism.get("languages"))
        ),
        start=str(pathway.get("start", "")),
        steps=steps,
        roles={
            key: read_map(role)
            for key, role in read_map(mechanism.get("roles")).items()
        },
        organisations={
            key: read_map(organisation)
            for key, organisation in read_map(mechanism.get("organisations")).items()
        },
        partners={
            key: read_text(partner)
            for key, partner in read_map(mechanism.get("partners")).items()
        },
        parts={
            name: read_text(read_map(part).get("title")) for name, part in parts.items()
        },
        starts_with=read_map(pathway.get("starts_with")),
        interrupts={
            key: read_map(interrupt)
            for key, interrupt in read_map(pathway.get("interrupts")).items()
        },
        forms=tuple(
            path.removeprefix("forms/").removesuffix(".xlsx")
            for path in sorted(paths)
            if path.startswith("forms/")
        ),
        plain=plain,
    )


def iterate_steps(said: object, part: str) -> Iterator[tuple[str, OutlineStep]]:
    for key, plain in read_map(said).items():
        yield key, read_step(key, read_map(plain), part)


def find_kind(said: Plain) -> str:
    # A draft may have a step without any kind yet; as work for a person it can be shown
    # and mended.
    return next((kind for kind in KINDS if kind in said), "do")


def read_step(key: str, said: Plain, part: str = "") -> OutlineStep:
    kind = find_kind(said)
    return OutlineStep(
        id=key,
        kind=kind,
        title=read_text(said.get("do")) or read_text(said.get("title")),
        how=read_text(said.get("how")),
        part=part,
        role=str(said.get("role", "")),
        form=str(said.get("form") or ""),
        screening=str(said.get("screening") or ""),
        gives=read_map(said.get("gives")),
        due=read_clocks(said.get("due")),
        remind=read_clocks(said.get("remind")),
        late=tuple(str(role) for role in read_list(said.get("late"))),
        leads=tuple(iterate_leads(kind, said)),
        beside=tuple(str(branch) for branch in read_list(said.get("together"))),
        each=str(said.get("each") or ""),
        decides_by=str(said.get("decide") or ""),
        tells=str(said.get("tell") or ""),
        message=str(said.get("message") or ""),
        runs=str(said.get("part") or ""),
        end=str(said.get("end") or ""),
        plain=said,
    )


def read_clocks(said: object) -> dict[str, str]:
    if isinstance(said, Mapping):
        return {str(key): str(value) for key, value in said.items()}
    return {"": str(said)} if said else {}


def iterate_leads(kind: str, said: Plain) -> Iterator[OutlineBranch]:
    for row in read_list(said.get("choose")) + read_list(said.get("wait")):
        way = read_map(row)
        yield OutlineBranch(
            to=str(way.get("next", "")),
            when=str(way.get("if", "")),
            otherwise=bool(way.get("else")),
            message=str(way.get("message", "")),
            after=read_clocks(way.get("after")),
        )
    if said.get("next"):
        yield OutlineBranch(to=str(said["next"]))


def group_steps_by_part(seen: Outline) -> list[tuple[str, list[OutlineStep]]]:
    """Group the steps as in the file: first the pathway, then each sub-pathway."""
    grouped: dict[str, list[OutlineStep]] = {"": []}
    for step in seen.steps.values():
        grouped.setdefault(step.part, []).append(step)
    return list(grouped.items())
