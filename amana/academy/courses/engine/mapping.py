"""Where each objective of a course is taught and assessed, as a table in Markdown."""

from collections.abc import Iterator

from amana.academy.courses.engine.course import Course, Module


def table(course: Course) -> str:
    return "\n".join([*by_objective(course), "", *by_line(course)])


def by_objective(course: Course) -> Iterator[str]:
    yield "| Objective | Lessons | Questions | Of them in tests | Assignments |"
    yield "|---|---|---|---|---|"
    for code, text in course.objectives.items():
        lessons = [one.path for one in course.lessons if code in one.objectives]
        asked = {q.id for q in course.questions.values() if code in q.objectives}
        tested = {id for one in course.modules for id in one.test.questions}
        yield row(
            f"**{code}** {text[course.first]}",
            ", ".join(lessons),
            str(len(asked)),
            str(len(asked & tested)),
            ", ".join(
                f"{one.code}: {one.assignment['title'][course.first]}"
                for one in course.modules
                if one.assignment and code in one.objectives
            ),
        )


def by_line(course: Course) -> Iterator[str]:
    yield "| Module | It covers | Lessons | Questions | Test |"
    yield "|---|---|---|---|---|"
    for one in course.modules:
        yield row(
            f"**{one.code}** {one.title[course.first]}",
            "; ".join(one.lines),
            "; ".join(titles(course, one)),
            str(len(one.questions)),
            f"{one.test.draw} of {len(one.test.questions)}, "
            f"{len(one.test.critical)} critical",
        )


def titles(course: Course, module: Module) -> Iterator[str]:
    for lesson in module.lessons:
        yield f"{lesson.part[:2]} {lesson.texts[course.first].title}"


def row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') or '–' for cell in cells)} |"
