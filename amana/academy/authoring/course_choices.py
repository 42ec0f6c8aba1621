"""What an author chooses from: objectives, competencies, sources, questions, drawings
of a course that is being written, whether or not it has faults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amana.academy.authoring import question_files
from amana.academy.courses.engine import files as places
from amana.design.mechanism import writing

type Choices = list[tuple[str, str]]
LONGEST = 110


@dataclass(frozen=True)
class CourseChoices:
    """The lists that forms offer; empty where their file can’t be read."""

    languages: tuple[str, ...]
    """The first is the one in which the course is written."""
    objectives: Choices
    competencies: Choices
    sectors: Choices
    sources: Choices
    questions: Choices
    """For practice, of one module."""
    figures: Choices
    """Of one module."""

    @property
    def first(self) -> str:
        return self.languages[0]


def load_choices(files: Mapping[str, bytes], folder: str) -> CourseChoices:
    """Load what can be chosen in a module."""
    languages = read_languages(files)
    first = languages[0]
    course = writing.read_plain(files, "course.yaml")
    # Each file is read by itself: a fault in one must not empty the lists of the
    # others.
    placement = writing.read_plain(files, "placement.yaml")
    questions = writing.read_plain(files, f"modules/{folder}/questions.yaml")
    sources = writing.read_plain(files, "sources.yaml")
    return CourseChoices(
        languages=languages,
        objectives=list_coded(course, "objectives", "text", first),
        competencies=list_coded(course, "competencies", "statement", first),
        sectors=list_coded(placement, "sectors", "name", first),
        sources=[
            (key, f"{key}: {shorten(said.get('title', ''))}")
            for key, said in (sources if isinstance(sources, Mapping) else {}).items()
            if isinstance(said, Mapping)
        ],
        questions=[
            (str(entry["id"]), f"{entry['id']}: {shorten(entry.get('text', ''))}")
            for entry in (questions if isinstance(questions, list) else ())
            if isinstance(entry, Mapping) and "id" in entry
        ],
        figures=[(name, name) for name in iterate_figures(files, folder)],
    )


def read_languages(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Read the languages of a course, the first one first."""
    said = writing.read_piece(files, "course.yaml", ("languages",))
    listed = said if isinstance(said, list) else []
    named = [code for code in listed if isinstance(code, str)]
    return tuple(named) or ("en",)


def list_question_codes(files: Mapping[str, bytes]) -> set[str]:
    """List the codes of all questions of a course: no two may have the same."""
    return {
        str(entry.get("id", ""))
        for path in files
        if (found := places.OF_MODULE.fullmatch(path))
        and found["what"] in ("bank", "questions")
        for entry in question_files.list_questions(
            question_files.read_source(path, files[path])
        )
    }


def list_coded(plain: Any, key: str, words: str, first: str) -> Choices:
    """List what has a code, with its words in the first language."""
    listed = plain.get(key) if isinstance(plain, Mapping) else None
    return [
        (str(entry["code"]), f"{entry['code']}: {choose(entry.get(words), first)}")
        for entry in (listed if isinstance(listed, list) else ())
        if isinstance(entry, Mapping) and "code" in entry
    ]


def choose(said: object, language: str) -> str:
    """Choose the words in one language of what is given once, or in several."""
    if isinstance(said, Mapping):
        said = said.get(language) or next(iter(said.values()), "")
    return shorten(said)


def shorten(said: object) -> str:
    words = " ".join(str(said).split())
    return f"{words[: LONGEST - 1]}…" if len(words) > LONGEST else words


def iterate_figures(files: Mapping[str, bytes], folder: str) -> Iterator[str]:
    for path in sorted(files):
        found = places.FIGURE.fullmatch(path)
        if found and found["folder"] == folder:
            yield found["name"]


def keep_chosen(choices: Choices, chosen: str) -> Choices:
    """Offer what is chosen although it exists no more, so that its fault is shown."""
    known = any(value == chosen for value, _label in choices)
    return choices if known or not chosen else [*choices, (chosen, chosen)]
