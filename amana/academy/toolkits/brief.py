"""The outline of a policy brief of two pages, to be written on."""

from django.utils.translation import gettext as _

from amana.printing.document import (
    Blank,
    Block,
    Boxes,
    Document,
    Heading,
    Paragraph,
    Table,
    build_line,
    build_paragraph,
)


def build_outline(course: str, language: str) -> Document:
    """Build the outline in the language that is active."""
    return Document(
        title=_("Outline of a policy brief"),
        of=course,
        language=language,
        blocks=tuple(build_blocks()),
        foot=_("Two pages, and half a page in plain language."),
    )


def build_blocks() -> list[Block]:
    return [
        *build_section(_("A title that states what you ask for"), 1),
        *build_section(_("One sentence: why now"), 2),
        Heading(1, _("Three numbers")),
        build_hint(
            _(
                "Each with its source and how it was counted. Small numbers are "
                "suppressed."
            )
        ),
        Table(
            (_("Number"), _("Compared with what"), _("Source, and how it was counted")),
            ((build_line(""), build_line(""), build_line("")),) * 3,
            (1, 2, 3),
        ),
        Heading(1, _("What we heard from people")),
        build_hint(
            _("What they want, not what they suffered. Only with their consent.")
        ),
        Blank(lines=3),
        Heading(1, _("Options")),
        Table(
            (_("Option"), _("What it does"), _("Cost"), _("Rights"), _("By when")),
            (
                (build_line(_("Nothing changes")), *[build_line("")] * 4),
                *[(build_line(""),) * 5] * 2,
            ),
            (2, 2, 1, 2, 1),
        ),
        Heading(1, _("What we recommend")),
        *[
            Blank(label, 1)
            for label in (
                _("What, and who does it"),
                _("By when"),
                _("How much, and from which budget line"),
                _("The first step, next week"),
            )
        ],
        Heading(1, _("How we will know")),
        Blank(_("One or two indicators"), 1),
        Blank(_("What we do not know"), 1),
        Blank(_("Whom to ask, with a telephone number"), 1),
        Heading(1, _("Before it goes out")),
        Boxes(
            (
                _(
                    "No one can be identified: place, age, form of exploitation and "
                    "date together"
                ),
                _("The people whom it is about have read it"),
                _("Each law and article was checked"),
                _("The best argument against it is answered"),
                _("No one who has to carry it out will be surprised"),
            )
        ),
    ]


def build_section(title: str, lines: int) -> list[Block]:
    return [Heading(1, title), Blank(lines=lines)]


def build_hint(words: str) -> Paragraph:
    return build_paragraph(words, "quiet")
