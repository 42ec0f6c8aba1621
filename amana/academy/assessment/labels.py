"""What is said of pathways to a certificate: what is lacking, and how it is earned."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.academy.assessment.engine.requirements import MissingCondition
from amana.academy.courses import pages
from amana.academy.courses.engine.certifications import Certification
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.courses.engine.marking import MarkedTest
from amana.academy.courses.labels import format_duration
from amana.ui.labels import format_list


def format_module_name(course: CourseContent, code: str) -> str:
    numbers = {module.code: at for at, module in enumerate(course.modules, 1)}
    return _("Module %(number)s") % {"number": numbers[code]}


def format_title(course: CourseContent, code: str) -> str:
    """Format the title of what the course certifies."""
    titles = {
        certificate.code: certificate.title for certificate in course.certificates
    }
    return pages.format_text(course, titles[code])


def format_lack(course: CourseContent, one: MissingCondition) -> str:
    if one.kind == "name":
        return _("Choose the name on your certificate")
    if one.kind == "revoked":
        return _("It was revoked. Ask a coordinator whether you can earn it again.")
    if one.kind == "after":
        return _("You need “%(certificate)s” first") % {
            "certificate": format_title(course, one.of)
        }
    if one.kind == "lessons":
        said = ngettext(
            "%(module)s: %(n)s lesson to read",
            "%(module)s: %(n)s lessons to read",
            one.count,
        )
    else:
        said = {
            "test": _("%(module)s: test not passed yet"),
            "work": _("%(module)s: work at your workplace not passed yet"),
            "session": _("%(module)s: live session not attended yet"),
            "refresher": _(
                "%(module)s: take the test again to renew the certificate, or play an "
                "exercise in which three of four criteria are met"
            ),
        }[one.kind]
    return said % {"module": format_module_name(course, one.of), "n": one.count}


def format_criteria(one: Certification, course: CourseContent) -> str:
    """Format how it is earned, as the certificate states it."""
    said = [
        _("Lessons read and tests passed: %(modules)s.")
        % {"modules": format_module_titles(course, one.modules)},
    ]
    if one.assignments:
        said.append(
            _("Work at the learner’s own workplace, marked by a person: %(modules)s.")
            % {"modules": format_module_titles(course, one.assignments)}
        )
    if one.sessions:
        said.append(
            _("Live sessions attended: %(modules)s.")
            % {"modules": format_module_titles(course, one.sessions)}
        )
    has_work = any(
        module.minutes.work
        for module in course.modules
        if module.code in one.assignments
    )
    sentence = (
        _("About %(time)s of learning, of which the work is an estimate.")
        if has_work
        else _("About %(time)s of learning.")
    )
    said.append(sentence % {"time": format_duration(count_minutes(one, course))})
    if one.after:
        said.append(
            _("“%(certificate)s” was valid.")
            % {"certificate": format_title(course, one.after)}
        )
    return " ".join(said)


def count_minutes(one: Certification, course: CourseContent) -> int:
    """Count the minutes of what is asked for, and of nothing else in its modules."""
    return sum(
        (time.lessons + time.test) * (module.code in one.modules)
        + time.work * (module.code in one.assignments)
        + time.session * (module.code in one.sessions)
        for module in course.modules
        for time in [module.minutes]
    )


def format_module_titles(course: CourseContent, codes: tuple[str, ...]) -> str:
    titles = {
        module.code: pages.format_text(course, module.title)
        for module in course.modules
    }
    return format_list([titles[code] for code in codes])


def format_test_result(passed: MarkedTest, attempts: int) -> str:
    said = _("%(right)s of %(asked)s questions right, %(needed)s needed.") % {
        "right": len(passed.right),
        "asked": passed.asked,
        "needed": passed.needed,
    }
    times = ngettext("%(n)s attempt.", "%(n)s attempts.", attempts) % {"n": attempts}
    return f"{said} {times}"


def format_criteria_count(count: int) -> str:
    return ngettext(
        "Marked against %(n)s criterion and passed.",
        "Marked against %(n)s criteria and passed.",
        count,
    ) % {"n": count}
