"""A case for a clinic as its file describes it, in one language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amana.academy.courses.engine.clinic_checks import iterate_clinic_texts
from amana.academy.practice.labs.engine.lab import Say


@dataclass(frozen=True)
class CaseAnswer:
    """What the presenter knows, and gives when the circle asks for it."""

    code: str
    when: str
    """The question that it answers."""
    text: str


@dataclass(frozen=True)
class CaseFinding:
    """What an evaluation found, or what others did, with where it is written."""

    text: str
    source: str
    """Empty: it is the course's own rule."""
    where: str
    """The page, paragraph or section; empty where no one has looked."""
    checked: str
    """The day on which it was read there, as year-month-day; empty: not checked."""


@dataclass(frozen=True)
class ClinicCase:
    code: str
    language: str
    title: str
    sectors: tuple[str, ...]
    note: str
    presenter: str
    situation: str
    asks: str
    answers: Mapping[str, CaseAnswer]
    advice: tuple[str, ...]
    findings: tuple[CaseFinding, ...]
    others: tuple[CaseFinding, ...]
    lessons: tuple[str, ...]
    reviewed_by: tuple[str, ...]
    """Who has reviewed it, by their trade; empty while it is a draft."""


def choose_language(plain: Mapping[str, Any], wanted: str, first: str) -> str:
    """Choose the language that was asked for, when the whole case is there in it."""
    # A case in two languages at once would run in two directions and be read aloud in
    # the wrong voice.
    # Where something is in a report is named in the report's own language.
    spoken = all(
        isinstance(said, Mapping) and wanted in said
        for place, said in iterate_clinic_texts(plain)
        if place[-1] != "where"
    )
    return wanted if spoken else first


def read_case(
    code: str, plain: Mapping[str, Any], *, language: str, first: str
) -> ClinicCase:
    """Read a case in `language`; a text given once is in the course's first."""

    def say(text: Any) -> str:
        if isinstance(text, Mapping):
            return str(text.get(language) or text[first])
        return str(text)

    return ClinicCase(
        code=code,
        language=language,
        title=say(plain["title"]),
        sectors=tuple(plain["sectors"]),
        note=say(plain["note"]),
        presenter=say(plain["presenter"]),
        situation=say(plain["situation"]),
        asks=say(plain["asks"]),
        answers={
            answer["code"]: CaseAnswer(
                answer["code"], say(answer["when"]), say(answer["text"])
            )
            for answer in plain["answers"]
        },
        advice=tuple(map(say, plain["advice"])),
        findings=tuple(iterate_case_findings(plain["findings"], say)),
        others=tuple(iterate_case_findings(plain["others"], say)),
        lessons=tuple(plain["lessons"]),
        reviewed_by=tuple(plain.get("reviewed_by", ())),
    )


def iterate_case_findings(
    listed: list[Mapping[str, Any]], say: Say
) -> Iterator[CaseFinding]:
    for said in listed:
        yield CaseFinding(
            text=say(said["text"]),
            source=said.get("source", ""),
            where=say(said.get("where", "")),
            checked=str(said.get("checked", "")),
        )
