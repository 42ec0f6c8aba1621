"""Whether modules, objectives and competencies fit together."""

from collections.abc import Iterator

from amana.academy.courses.engine.gathering import CourseSources, Plain
from amana.academy.courses.engine.references.course_faults import (
    CHECK_TWICE,
    CODE_TWICE,
    NO_COMPETENCY,
    NO_MODULE,
    NO_OBJECTIVE,
    NO_TEST,
    NOT_ASSESSED,
    NOT_FIRST,
    NOT_NAMED,
    NOT_TAUGHT,
    UNKNOWN_LANGUAGE,
    Found,
    check_unique_codes,
    iterate_texts,
)
from amana.faults import Fault, check_known
from amana.yaml_files.yamls import Place, YAMLSource


def check_modules(gathered: CourseSources) -> Found:
    source = gathered.sources.get("course.yaml")
    if source is None:
        return
    named = source.plain["modules"]
    for at, name in enumerate(named):
        if f"modules/{name}/module.yaml" not in gathered.given:
            yield source.fault(("modules", at), NO_MODULE, name=name)
    there = {name.split("/")[1] for name in gathered.given if name[:8] == "modules/"}
    for name in sorted(there - set(named)):
        yield Fault(f"modules/{name}", None, NOT_NAMED)


def check_codes(gathered: CourseSources) -> Found:
    if source := gathered.sources.get("course.yaml"):
        for key in ("objectives", "competencies"):
            yield from check_unique_codes(source, source.plain[key], (key,))
    seen: set[str] = set()
    for folder in gathered.folders:
        code = gathered.module(folder)["code"]
        if code in seen:
            module = gathered.sources[f"modules/{folder}/module.yaml"]
            yield module.fault(("code",), CODE_TWICE, name=code)
        seen.add(code)


def check_references(gathered: CourseSources) -> Found:
    if "course.yaml" not in gathered.sources:
        return
    objectives, competencies = map_objectives(gathered), map_competencies(gathered)
    for source, around, plain in iterate_referrers(gathered):
        for at, name in enumerate(plain.get("objectives") or ()):
            place = (*around, "objectives", at)
            yield from check_known(source, place, NO_OBJECTIVE, name, objectives)
        for at, name in enumerate(plain.get("competencies") or ()):
            place = (*around, "competencies", at)
            yield from check_known(source, place, NO_COMPETENCY, name, competencies)
        if name := plain.get("competency"):
            place = (*around, "competency")
            yield from check_known(source, place, NO_COMPETENCY, name, competencies)


def iterate_referrers(
    gathered: CourseSources,
) -> Iterator[tuple[YAMLSource, Place, Plain]]:
    """Yield everything that may name objectives and competencies, with its place."""
    for name, source in gathered.sources.items():
        what = name.rpartition("/")[2]
        if what in ("module.yaml", "live.yaml"):
            yield source, (), source.plain
        elif what in ("questions.yaml", "bank.yaml") and name.count("/") == 2:
            for at, question in enumerate(source.plain or ()):
                yield source, (at,), question
        elif what == "assignment.yaml":
            for at, criterion in enumerate(source.plain["rubric"]):
                yield source, ("rubric", at), criterion
    for lesson in gathered.lessons.values():
        yield lesson.source, (), lesson.said


def check_machine_checks(gathered: CourseSources) -> Found:
    for name, source in gathered.sources.items():
        if name.endswith("/assignment.yaml"):
            seen: set[str] = set()
            for at, line in enumerate(source.plain.get("checks", ())):
                if line["check"] in seen:
                    place = ("checks", at, "check")
                    yield source.fault(place, CHECK_TWICE, name=line["check"])
                seen.add(line["check"])


def map_objectives(gathered: CourseSources) -> dict[str, int]:
    return {
        objective["code"]: at
        for at, objective in enumerate(gathered.course.get("objectives", ()))
    }


def map_competencies(gathered: CourseSources) -> dict[str, int]:
    named = gathered.course.get("competencies", ())
    return {competency["code"]: at for at, competency in enumerate(named)}


def check_objective_coverage(gathered: CourseSources) -> Found:
    taught: set[str] = set()
    for folder in gathered.folders:
        module = gathered.sources[f"modules/{folder}/module.yaml"]
        own = module.plain["objectives"]
        taught.update(own)
        test = gathered.of_module(folder, "test")
        if test is None:
            if f"modules/{folder}/test.yaml" not in gathered.given:
                yield Fault(f"modules/{folder}", None, NO_TEST)
            continue
        assessed = {
            name
            for question in gathered.bank(folder)
            for name in question["objectives"]
        }
        # Without any question that could be read, each objective would be reported for
        # the same mistake.
        if gathered.bank(folder):
            for at, name in enumerate(own):
                if name not in assessed and name in map_objectives(gathered):
                    yield module.fault(("objectives", at), NOT_ASSESSED, name=name)
    if source := gathered.sources.get("course.yaml"):
        whole = len(gathered.folders) == len(source.plain["modules"])
        for name, at in map_objectives(gathered).items():
            # Only when every module could be read: the missing one may be the one that
            # teaches it.
            if whole and name not in taught:
                yield source.fault(("objectives", at), NOT_TAUGHT, name=name)


def check_first_language(gathered: CourseSources) -> Found:
    for source, place, said in iterate_texts(gathered):
        if gathered.languages and gathered.first not in said:
            yield source.fault(place, NOT_FIRST, language=gathered.first)


def check_languages(gathered: CourseSources) -> Found:
    if not gathered.languages:
        return
    for text in gathered.texts:
        if text.language not in gathered.languages:
            yield text.fault(1, UNKNOWN_LANGUAGE, name=text.language)
