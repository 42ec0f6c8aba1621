"""What is said of a session, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Said = str | Promise

WRONG_WITH_CAPTIONS: dict[str, Said] = {
    "size": _("This file is too large for captions."),
    "encoding": _("This file is not written in UTF-8."),
    "header": _("A caption file begins with the line WEBVTT."),
    "times": _("Line %(line)s: times are written as 00:00:01.000 --> 00:00:04.000."),
    "order": _("Line %(line)s: this caption begins before the one above it."),
    "empty": _("There is no caption in this file."),
}

KINDS: dict[str, Said] = {
    "present": _("For everyone"),
    "poll": _("Poll"),
    "breakout": _("In groups"),
    "discussion": _("Discussion"),
    "exit": _("Before leaving"),
}

KIT_KINDS: dict[str, Said] = {
    "guide": _("Facilitator’s guide"),
    "slides": _("Slides"),
    "cards": _("Cards to cut out"),
    "brief": _("Private brief"),
    "sheet": _("Sheet to read or fill in"),
    "checklist": _("Checklist"),
    "injects": _("Injects"),
    "feedback": _("Feedback form"),
}

AUDIENCES: dict[str, Said] = {
    "facilitator": _("Facilitator"),
    "group": _("One group alone"),
    "observer": _("Observers"),
    "actor": _("Role players"),
    "all": _("Everyone"),
}

PACES: dict[str, Said] = {
    "slower": _("Slower, please"),
    "ok": _("The pace is fine"),
    "faster": _("Faster, please"),
}
