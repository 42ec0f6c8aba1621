"""Conditions and answers in words."""

import re

from django.utils.translation import gettext as _

from amana.design.mechanism.labels.clock_labels import format_code, format_name
from amana.ui.labels import format_list

SIMPLE = re.compile(r'^([a-z][a-z0-9_]*) (==|!=) "([a-z0-9_U]+)"$')


AMONG = re.compile(r"^([a-z][a-z0-9_]*) (in|not in) \[(.*)\]$")


def format_condition(written: str) -> str:
    """Format `presumed == "no" and urgency in ["U0"]` as a sentence; codes as words."""
    # Only where "or" and "and" are not mixed: a sentence has no brackets, so a mixed
    # condition would be read another way. Such a one is shown as written.
    if " or " in written and "(" not in written and " and " not in written:
        parts = [format_condition(part) for part in written.split(" or ")]
        return _(" or ").join(parts)
    if " and " in written and "(" not in written and " or " not in written:
        parts = [format_condition(part) for part in written.split(" and ")]
        return _(" and ").join(parts)
    if found := SIMPLE.match(written.strip()):
        name, sign, code = found.groups()
        said = (
            _("“%(name)s” is “%(code)s”")
            if sign == "=="
            else _("“%(name)s” is not “%(code)s”")
        )
        return said % {"name": format_name(name), "code": format_code(code)}
    if found := AMONG.match(written.strip()):
        name, sign, codes = found.groups()
        codes_ = [format_code(code) for code in re.findall(r'"([^"]*)"', codes)]
        said = (
            _("“%(name)s” is one of: %(codes)s")
            if sign == "in"
            else _("“%(name)s” is none of: %(codes)s")
        )
        return said % {"name": format_name(name), "codes": format_list(codes_)}
    return written


def format_answers(written: str) -> str:
    """Format a condition by its codes alone, next to the question: `presumed == "no"`
    as “No”. One that depends on more than the answers becomes a sentence.
    """
    found: list[str] = []
    for part in written.split(" or "):
        if (simple := SIMPLE.match(part.strip())) and simple[2] == "==":
            found.append(format_code(simple[3]))
        elif (among := AMONG.match(part.strip())) and among[2] == "in":
            found += map(format_code, re.findall(r'"([^"]*)"', among[3]))
        else:
            return _("If %(condition)s") % {"condition": format_condition(written)}
    return _(" or ").join(found)
