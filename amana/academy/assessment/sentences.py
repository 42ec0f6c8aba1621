"""What is said of pathways to a certificate: what is lacking, and how it is earned."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.academy.assessment.engine.earning import Lack
from amana.academy.courses import pages
from amana.academy.courses.engine.course import Certification, Course
from amana.ui.sentences import listed


def module_name(course: Course, code: str) -> str:
    numbers = {module.code: at for at, module in enumerate(course.modules, 1)}
    return _("Module %(number)s") % {"number": numbers[code]}


def title_of(course: Course, code: str) -> str:
    """Format the title of what the course certifies."""
    titles = {
        certificate.code: certificate.title for certificate in course.certificates
    }
    return pages.said(course, titles[code])


def lack(course: Course, one: Lack) -> str:
    if one.kind == "name":
        return _("Choose the name on your certificate")
    if one.kind == "revoked":
        return _("It was revoked. Ask a coordinator whether you can earn it again.")
    if one.kind == "after":
        return _("You need “%(certificate)s” first") % {
            "certificate": title_of(course, one.of)
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
            "refresher": _("%(module)s: take the test again to renew the certificate"),
        }[one.kind]
    return said % {"module": module_name(course, one.of), "n": one.count}


def criteria(one: Certification, course: Course) -> str:
    """Format how it is earned, as the certificate states it."""
    said = [
        _("Lessons read and tests passed: %(modules)s.")
        % {"modules": named(course, one.modules)},
    ]
    if one.assignments:
        said.append(
            _("Work at the learner’s own workplace, marked by a person: %(modules)s.")
            % {"modules": named(course, one.assignments)}
        )
    if one.sessions:
        said.append(
            _("Live sessions attended: %(modules)s.")
            % {"modules": named(course, one.sessions)}
        )
    if one.after:
        said.append(
            _("“%(certificate)s” was valid.")
            % {"certificate": title_of(course, one.after)}
        )
    return " ".join(said)


def named(course: Course, codes: tuple[str, ...]) -> str:
    titles = {
        module.code: pages.said(course, module.title) for module in course.modules
    }
    return listed([titles[code] for code in codes])


def judged_by_criteria(count: int) -> str:
    return ngettext(
        "Marked against %(n)s criterion and passed.",
        "Marked against %(n)s criteria and passed.",
        count,
    ) % {"n": count}
