"""Format where each objective of a course is taught and assessed, as a table in
Markdown."""

from collections.abc import Iterator

from amana.academy.courses.engine.course import Course, Module


def table(course: Course) -> str:
    return "\n".join([*by_objective(course), "", *by_line(course)])


def by_objective(course: Course) -> Iterator[str]:
    yield "| Objective | Lessons | Questions | Of them in tests | Assignments |"
    yield "|---|---|---|---|---|"
    for code, text in course.objectives.items():
        lessons = [
            lesson.path for lesson in course.lessons if code in lesson.objectives
        ]
        asked = {q.id for q in course.questions.values() if code in q.objectives}
        tested = {id for module in course.modules for id in module.test.questions}
        yield row(
            f"**{code}** {text[course.first]}",
            ", ".join(lessons),
            str(len(asked)),
            str(len(asked & tested)),
            ", ".join(
                f"{module.code}: {module.assignment['title'][course.first]}"
                for module in course.modules
                if module.assignment and code in module.objectives
            ),
        )


def by_line(course: Course) -> Iterator[str]:
    yield "| Module | It covers | Lessons | Questions | Test |"
    yield "|---|---|---|---|---|"
    for module in course.modules:
        yield row(
            f"**{module.code}** {module.title[course.first]}",
            "; ".join(module.lines),
            "; ".join(titles(course, module)),
            str(len(module.questions)),
            f"{module.test.draw} of {len(module.test.questions)}, "
            f"{len(module.test.critical)} critical",
        )


def titles(course: Course, module: Module) -> Iterator[str]:
    for lesson in module.lessons:
        yield f"{lesson.part[:2]} {lesson.texts[course.first].title}"


def row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') or '–' for cell in cells)} |"
