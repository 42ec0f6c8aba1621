"""Check whether what a course certifies can be earned in it, and compile what of it is
published."""

from collections.abc import Iterable, Iterator
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources, Plain
from amana.academy.courses.engine.references import check_unique_codes
from amana.faults import Fault, check_known, gettext_noop
from amana.yaml_files.yamls import YAMLSource

FILE = "certificates.yaml"

NO_SUCH_MODULE = gettext_noop("No module has the code “%(name)s”.")
NO_ASSIGNMENT = gettext_noop("The module “%(name)s” has no assignment.yaml.")
NO_SESSION = gettext_noop("The module “%(name)s” has no live.yaml.")
NOT_BEFORE = gettext_noop("“%(name)s” is not a certificate listed above this one.")
NOBODY_JUDGES = gettext_noop(
    "A certificate needs at least one assignment; otherwise no one has "
    "marked the person’s work."
)

type Found = Iterator[Fault]


def check_certificates(gathered: CourseSources) -> list[Fault]:
    source = gathered.sources.get(FILE)
    return list(iterate_faults(gathered, source)) if source else []


def iterate_faults(gathered: CourseSources, source: YAMLSource) -> Found:
    modules = list_module_codes(gathered)
    may_name = {
        "modules": (NO_SUCH_MODULE, modules),
        "assignments": (NO_ASSIGNMENT, list_module_codes(gathered, "assignment")),
        "sessions": (NO_SESSION, list_module_codes(gathered, "live")),
        "refresher": (NO_SUCH_MODULE, modules),
    }
    yield from check_unique_codes(source, source.plain or ())
    above: list[str] = []
    for at, certificate in enumerate(source.plain or ()):
        for key, (sentence, among) in may_name.items():
            for nth, name in enumerate(certificate.get(key) or ()):
                yield from check_known(source, (at, key, nth), sentence, name, among)
        # Only one that is listed above: so no two certificates can require each other.
        if after := certificate.get("after"):
            yield from check_known(source, (at, "after"), NOT_BEFORE, after, above)
        elif not certificate["assignments"]:
            yield source.fault((at, "assignments"), NOBODY_JUDGES)
        above.append(certificate["code"])


def list_module_codes(gathered: CourseSources, what: str = "module") -> list[str]:
    """List the codes of the modules that have such a file; one that can't be read is
    reported elsewhere."""
    return [
        gathered.module(folder)["code"]
        for folder in gathered.folders
        if f"modules/{folder}/{what}.yaml" in gathered.given
    ]


def compile_certificates(
    said: Iterable[Plain], by_language: Any
) -> list[dict[str, Any]]:
    return [
        {
            "code": certificate["code"],
            "title": by_language(certificate["title"]),
            "about": by_language(certificate["about"]),
            "months": certificate["months"],
            "after": certificate.get("after", ""),
            "modules": certificate["modules"],
            "assignments": certificate["assignments"],
            "sessions": certificate.get("sessions", []),
            "refresher": certificate["refresher"],
        }
        for certificate in said
    ]
