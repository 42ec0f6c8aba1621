"""Format where each objective of a course is taught and assessed, as a table in
Markdown."""

from collections.abc import Iterator

from amana.academy.courses.engine.course_content import CourseContent, Module


def format_table(course: CourseContent) -> str:
    return "\n".join([*format_objectives(course), "", *format_modules(course)])


def format_objectives(course: CourseContent) -> Iterator[str]:
    yield "| Objective | Lessons | Questions | Of them in tests | Assignments |"
    yield "|---|---|---|---|---|"
    for code, text in course.objectives.items():
        lessons = [
            lesson.path for lesson in course.lessons if code in lesson.objectives
        ]
        asked = {q.id for q in course.questions.values() if code in q.objectives}
        tested = {id for module in course.modules for id in module.test.questions}
        yield format_row(
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


def format_modules(course: CourseContent) -> Iterator[str]:
    yield "| Module | It covers | Lessons | Questions | Test |"
    yield "|---|---|---|---|---|"
    for module in course.modules:
        yield format_row(
            f"**{module.code}** {module.title[course.first]}",
            "; ".join(module.lines),
            "; ".join(iterate_titles(course, module)),
            str(len(module.questions)),
            f"{module.test.draw} of {len(module.test.questions)}, "
            f"{len(module.test.critical)} critical",
        )


def iterate_titles(course: CourseContent, module: Module) -> Iterator[str]:
    for lesson in module.lessons:
        yield f"{lesson.part[:2]} {lesson.texts[course.first].title}"


def format_row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') or '–' for cell in cells)} |"
