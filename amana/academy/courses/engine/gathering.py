"""Gather what could be read of a course, file by file, and what was wrong with each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from amana.academy.courses.engine import figure_checks, files, kit_files, lessons
from amana.academy.courses.engine.lessons import LessonFile
from amana.academy.courses.engine.markdown_files import MarkdownFile
from amana.faults import Fault
from amana.yaml_files import schema, yamls
from amana.yaml_files.yamls import Place, YAMLSource

SCHEMAS = Path(__file__).parent / "schemas"

type Plain = Mapping[str, Any]
NOTHING: Plain = {}
TRANSLATIONS = {"questions": "translated", "bank": "translated_bank"}
"""The schema of each file that a language has of its own."""


class InterviewPlace(NamedTuple):
    """Where an interview lies in a course."""

    folder: str
    """Of its module."""
    name: str
    language: str = ""
    """Of a translation; empty for the original, in the course's first language."""

    @property
    def file(self) -> str:
        of = f".{self.language}" if self.language else ""
        return f"modules/{self.folder}/interviews/{self.name}{of}.ink"

    @property
    def original(self) -> Self:
        return self._replace(language="")


@dataclass
class CourseSources:
    sources: dict[str, YAMLSource] = field(default_factory=dict)
    """Files that have the shape of their schema."""
    lessons: dict[str, LessonFile] = field(default_factory=dict)
    kits: dict[str, MarkdownFile] = field(default_factory=dict)
    """The pieces of session kits."""
    figures: dict[str, str] = field(default_factory=dict)
    interviews: dict[InterviewPlace, bytes] = field(default_factory=dict)
    """As their authors wrote them; `stories` are what they compiled to."""
    stories: dict[InterviewPlace, bytes] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    """The names of all files, sound or not."""
    faults: list[Fault] = field(default_factory=list)

    def plain(self, name: str) -> Any:
        source = self.sources.get(name)
        return source.plain if source and source.plain is not None else NOTHING

    def misread(self, name: str) -> bool:
        """Check whether a file is there but can't be used: what refers to it is then
        not reported."""
        return name in self.given and name not in self.sources

    @property
    def course(self) -> Plain:
        found: Plain = self.plain("course.yaml")
        return found

    @property
    def languages(self) -> list[str]:
        return list(self.course.get("languages", ()))

    @property
    def first(self) -> str:
        """The language in which the course is written."""
        return next(iter(self.languages), "en")

    @property
    def folders(self) -> list[str]:
        """Of modules that course.yaml names and that could be read, in order."""
        named = self.course.get("modules", ())
        return [
            folder
            for folder in named
            if f"modules/{folder}/module.yaml" in self.sources
        ]

    @property
    def labs(self) -> list[str]:
        """The files of negotiations that could be read."""
        return [name for name in sorted(self.sources) if files.LAB.fullmatch(name)]

    @property
    def clinics(self) -> list[str]:
        """The files of cases for a clinic that could be read."""
        return [name for name in sorted(self.sources) if files.CLINIC.fullmatch(name)]

    def module(self, folder: str) -> Plain:
        found: Plain = self.plain(f"modules/{folder}/module.yaml")
        return found

    def of_module(self, folder: str, what: str) -> YAMLSource | None:
        return self.sources.get(f"modules/{folder}/{what}.yaml")

    def questions(self, folder: str) -> list[dict[str, Any]]:
        """List the questions for practice, which stand in lessons."""
        source = self.of_module(folder, "questions")
        return list(source.plain or ()) if source else []

    def bank(self, folder: str) -> list[dict[str, Any]]:
        """List the questions from which tests are drawn."""
        source = self.of_module(folder, "bank")
        return (
            [{"kind": "one", **said} for said in source.plain or ()] if source else []
        )

    def iterate_questions(
        self, folder: str
    ) -> Iterator[tuple[YAMLSource, int, dict[str, Any]]]:
        """Yield each question for practice and of the bank, with its place."""
        for what, listed in (("questions", self.questions), ("bank", self.bank)):
            source = self.of_module(folder, what)
            for at, question in enumerate(listed(folder)):
                assert source is not None
                yield source, at, question

    def lessons_of(self, folder: str, language: str) -> list[LessonFile]:
        return [
            lesson
            for _, lesson in sorted(self.lessons.items())
            if lesson.folder == folder and lesson.language == language
        ]

    def lesson(self, folder: str, language: str, part: str) -> LessonFile | None:
        return self.lessons.get(f"modules/{folder}/{language}/{part}.md")

    def kit_of(self, folder: str, language: str) -> list[MarkdownFile]:
        return [
            text
            for _, text in sorted(self.kits.items())
            if text.folder == folder and text.language == language
        ]

    def kit_text(self, folder: str, language: str, part: str) -> MarkdownFile | None:
        return self.kits.get(f"modules/{folder}/{language}/kit/{part}.md")

    @property
    def texts(self) -> list[MarkdownFile]:
        """All that is written in Markdown: lessons, and the pieces of kits."""
        return [*self.lessons.values(), *self.kits.values()]

    def cites(self) -> Iterator[tuple[MarkdownFile, str]]:
        for text in self.texts:
            for key in text.cites:
                yield text, key

    def iterate_findings(self) -> Iterator[tuple[YAMLSource, Place, Plain]]:
        """Yield what the cases for a clinic say from a source, each with its place."""
        for name in self.clinics:
            source = self.sources[name]
            for part in ("findings", "others"):
                for at, finding in enumerate(source.plain.get(part, ())):
                    yield source, (part, at), finding


def gather_files(given: Mapping[str, bytes]) -> CourseSources:
    gathered = CourseSources(given=frozenset(given))
    for name, content in sorted(given.items()):
        try:
            read_file(gathered, name, content)
        except yamls.UnreadableYAML as error:
            # One broken file does not hide the faults of the others: authors get them
            # all at once.
            gathered.faults.append(error.fault)
    return gathered


def read_file(gathered: CourseSources, name: str, content: bytes) -> None:
    if found := files.LESSON.fullmatch(name):
        lesson = lessons.read_lesson(name, content, **found.groupdict())
        if check_shape(gathered, lesson.source, "lesson"):
            gathered.lessons[name] = lesson
    elif found := files.KIT.fullmatch(name):
        text = kit_files.read_kit_file(name, content, **found.groupdict())
        # Files come in the order of their names, so course.yaml, which names the first
        # language, has been read.
        schema_name = "kit" if text.language == gathered.first else "translated_kit"
        if check_shape(gathered, text.source, schema_name):
            gathered.kits[name] = text
    elif found := files.OF_COURSE.fullmatch(name) or files.OF_MODULE.fullmatch(name):
        source = yamls.read_yaml(name, content)
        if check_shape(gathered, source, found["what"]):
            gathered.sources[name] = source
    elif found := files.TRANSLATED.fullmatch(name):
        source = yamls.read_yaml(name, content)
        if check_shape(gathered, source, TRANSLATIONS[found["what"]]):
            gathered.sources[name] = source
    elif files.LAB.fullmatch(name):
        source = yamls.read_yaml(name, content)
        if check_shape(gathered, source, "lab"):
            gathered.sources[name] = source
    elif files.CLINIC.fullmatch(name):
        source = yamls.read_yaml(name, content)
        if check_shape(gathered, source, "clinic"):
            gathered.sources[name] = source
    elif found := files.INTERVIEW.fullmatch(name):
        kept = gathered.stories if found["story"] else gathered.interviews
        place = InterviewPlace(found["folder"], found["name"], found["language"] or "")
        kept[place] = content
    elif files.FIGURE.fullmatch(name):
        wrong = list(figure_checks.check_picture(content))
        gathered.faults += [Fault(name, None, said, values) for said, values in wrong]
        gathered.figures[name] = yamls.decode_text(name, content)


def check_shape(gathered: CourseSources, source: YAMLSource, schema_name: str) -> bool:
    """Check whether a file has the shape that its schema requires; faults are added to
    the others."""
    found = schema.find_faults(source, schema.load_validator(schema_name, SCHEMAS))
    gathered.faults += found
    return not found
