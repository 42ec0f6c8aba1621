"""What agencies sign or agree to, and what a person agrees to."""

from django.utils.translation import gettext as _

from amana.design.mechanism.documents import document_tables
from amana.design.mechanism.documents.placeholder_texts import build_blocks
from amana.design.mechanism.documents.questions import group_fields
from amana.design.mechanism.documents.source import PrintSource
from amana.design.mechanism.pieces import SPHERES
from amana.printing.document import (
    Blank,
    Block,
    Boxes,
    Document,
    Heading,
    Line,
    Paragraph,
    Table,
    TextRun,
    build_line,
    build_paragraph,
    build_points,
    build_row,
    build_strong,
)
from amana.trust.vault.compartments import Compartment


def build_consent_sheet(source: PrintSource) -> Document:
    """Build the sheet of the pack's text, to be read aloud, with room to note what was
    agreed."""
    words = source.pack.consent.get(source.language, "")
    blocks = [
        block
        for block in build_blocks(source, words)
        if not (isinstance(block, Heading) and block.level == 1)
    ]
    blocks += [
        Heading(1, _("What was agreed")),
        Blank(_("Case number (no name)")),
        Blank(_("Organisation that may receive information")),
        Blank(_("Which information exactly, and nothing else"), 2),
        Blank(_("Purpose")),
        Blank(_("Until when")),
        Heading(2, _("The answer")),
        # "Not yet" is an answer of its own: without it, a person who hesitates would be
        # noted as one who agreed or refused.
        Boxes((_("Yes"), _("No"), _("Not yet")), one_only=True),
        Blank(_("What must not be done"), 2),
        Heading(2, _("How it was given")),
        Boxes(
            (
                _("In writing"),
                _("Orally"),
                _("By a guardian, and the child agrees"),
            ),
            one_only=True,
        ),
        Boxes(
            (
                _("The person repeated it in their own words"),
                _("The person can keep a copy safely"),
            )
        ),
        Blank(_("Language, and interpreter’s number")),
        Blank(_("Date, and who asked")),
        build_paragraph(
            _(
                "If the answer is no, that is recorded too, without a reason. It "
                "does not affect the help."
            ),
            "quiet",
        ),
    ]
    return source.document(find_title(words) or _("Consent"), blocks)


def find_title(words: str) -> str:
    first = words.lstrip().partition("\n")[0]
    return first.removeprefix("# ").strip() if first.startswith("# ") else ""


def build_sharing_protocol(source: PrintSource) -> Document:
    """Build the protocol of which part of a case may flow to whom, field by field."""
    blocks: list[Block] = [
        build_paragraph(
            _(
                "Each part of a case is locked separately. A part is sent only to an "
                "organisation that the person named, for the purpose that they know, "
                "until the date that they chose."
            ),
            "lead",
        ),
        Heading(1, _("What may be shared with whom"), "1"),
        *document_tables.build_sharing_table(source),
        Heading(1, _("Rules"), "2"),
        build_points(
            [
                _("We send only what the next step needs."),
                _("The recipient does not pass it on to anyone."),
                _("When consent ends, nothing more is sent. What was sent is "
                  "destroyed, and the recipient confirms this."),
                _("Without consent, a part is sent only if a life or a child is in "
                  "danger, or if a court or the law requires it. Two people sign the "
                  "reason, and the person is informed first if possible."),
                _("The address of a shelter is sent only to people who have to go "
                  "there."),
                _("No message by telephone or mail contains anything about a case."),
                _("Every access is recorded, and the person may ask to see the "
                  "record."),
                _("Anyone who loses something informs the data-protection officer at "
                  "once."),
            ]
        ),
        Heading(1, _("Every field"), "3"),
        build_field_table(source),
    ]  # fmt: skip
    return source.document(_("Information-sharing protocol"), blocks, wide=True)


def build_field_table(source: PrintSource) -> Table:
    """Build the table of each question of each form, grouped by the part of the case
    that it belongs to: one locks and flows like the other."""
    rows: list[tuple[Line, ...]] = []
    found = group_fields(source)
    for compartment in Compartment:
        asked = found.get(compartment.value, [])
        if not asked:
            continue
        rows.append((build_line(compartment.label),))
        for words in asked:
            flows = (
                document_tables.format_flow(source, compartment, sphere)
                for sphere in SPHERES
            )
            rows.append(build_row(words, *flows))
    head = (_("Field"), *map(str, SPHERES.values()))
    return Table(head, tuple(rows), (11, 3, 3, 3, 3, 3), centred=True)


def build_raci(source: PrintSource) -> Document:
    """Build the table that is called RACI after its four letters."""
    roles = list(source.pack.roles)
    rows = [
        build_row(
            build_strong(source.says(duty.title)),
            *(format_letters(list_duty_letters(duty, role)) for role in roles),
        )
        for duty in source.pack.duties.values()
    ]
    head = (_("Work"), *(source.role(role) for role in roles))
    blocks: list[Block] = [
        Table(head, tuple(rows), (3, *(2 for _role in roles)), centred=True),
        build_paragraph(
            _(
                "R does it · A is accountable for it · C is consulted beforehand · I "
                "is informed afterwards. One role is accountable for each activity."
            ),
            "quiet",
        ),
        Heading(1, _("The same in words")),
        *document_tables.build_duty_table(source),
    ]
    return source.document(_("Who does what"), blocks, wide=True)


def list_duty_letters(duty: object, role: str) -> str:
    parts = (("R", "does"), ("A", "answers_for"), ("C", "is_asked"), ("I", "is_told"))
    return "".join(
        letter
        for letter, name in parts
        if role == getattr(duty, name)
        or (name != "answers_for" and role in getattr(duty, name))
    )


def format_letters(found: str) -> Line:
    return (TextRun("/".join(found), strong=True),) if found else build_line("–")


def build_agreement(source: PrintSource) -> Document:
    """Build a template, which agencies and their lawyers complete."""
    blocks: list[Block] = [
        *build_parties(source),
        *build_work(source),
        *build_terms(source),
        *build_signatures(source),
    ]
    return source.document(_("Agreement between organisations (template)"), blocks)


def build_parties(source: PrintSource) -> list[Block]:
    return [
        build_paragraph(
            _(
                "A template, to be completed by the organisations and reviewed by "
                "their lawyers."
            ),
            "quiet",
        ),
        Heading(1, _("Parties"), "1"),
        Blank(_("Organisation"), 2),
        Blank(_("Represented by")),
        build_paragraph(_("and the other organisations that sign this agreement.")),
        Heading(1, _("Purpose"), "2"),
        build_paragraph(
            _(
                "We work together under the %(mechanism)s, in the version named on "
                "this page. We serve people who were trafficked, who were harmed "
                "while being smuggled, or who need care or protection on their "
                "journey."
            )
            % {"mechanism": source.mechanism}
        ),
    ]


def build_work(source: PrintSource) -> list[Block]:
    """Build what each organisation does, and what all of them promise."""
    return [
        Heading(1, _("What each of us does"), "3"),
        build_paragraph(_("Each organisation plays the roles assigned to it.")),
        *document_tables.build_organisation_table(source),
        Heading(2, _("Who does what")),
        *document_tables.build_duty_table(source),
        Heading(1, _("What all of us promise"), "4"),
        build_points(
            [
                _("Help is free and depends on no testimony, complaint or status."),
                _("The person decides. Nothing is shared without their consent."),
                _(
                    "Referrals are answered within the times set by the mechanism’s "
                    "clocks."
                ),
                _(
                    "A service that declines gives its reason, and no person is left "
                    "without a next step."
                ),
                _("None of us exploits, abuses or photographs a person we help."),
                _("Our people are trained, supervised and cared for."),
            ]
        ),
    ]


def build_terms(source: PrintSource) -> list[Block]:
    """Build what is agreed of information, money, disagreements and duration."""
    return [
        Heading(1, _("Information"), "5"),
        build_paragraph(
            _(
                "The information-sharing protocol of this mechanism is part of this "
                "agreement."
            )
        ),
        *document_tables.build_sharing_table(source),
        Heading(1, _("Money"), "6"),
        build_paragraph(
            _("Each organisation bears its own costs, unless stated otherwise here:")
        ),
        Blank("", 2),
        Heading(1, _("Disagreements"), "7"),
        build_paragraph(
            _(
                "We first talk to each other, then bring the matter to the steering "
                "committee. Help for the person continues meanwhile."
            )
        ),
        Heading(1, _("Duration"), "8"),
        build_paragraph(
            _(
                "This agreement applies from its last signature. Any organisation "
                "may leave it with three months’ notice, after handing over its "
                "cases."
            )
        ),
        Heading(1, _("Contact persons"), "9"),
        Blank(_("For cases, day and night"), 2),
        Blank(_("For data protection"), 2),
    ]


def build_signatures(source: PrintSource) -> list[Block]:
    return [
        Heading(1, _("Signatures"), "10"),
        Paragraph(
            (
                TextRun(_("We agree to exactly the files with this SHA-256:") + " "),
                # The whole hash, not its beginning: what is signed is this text of the
                # files and no other (ADR 10).
                TextRun(source.edition.sha256, code=True),
            )
        ),
        Table(
            (_("Organisation"), _("Name and position"), _("Day"), _("Signature")),
            tuple(
                build_row(build_strong(organisation.name), "", "", "")
                for organisation in source.pack.organisations.values()
            ),
            (4, 4, 2, 4),
        ),
    ]
