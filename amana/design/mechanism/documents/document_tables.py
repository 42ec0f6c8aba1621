"""The tables of a mechanism: each is made from the pack every time, so that the paper
never differs from what runs."""

from collections.abc import Callable, Collection

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism.documents.source import PrintSource
from amana.design.mechanism.pack.ceiling import CEILING
from amana.design.mechanism.pack.pack_model import Provision
from amana.design.mechanism.pieces import SPHERES
from amana.design.pathway.decisions import DecisionTableRow
from amana.design.pathway.pathway_model import Text
from amana.printing.document import (
    Block,
    Line,
    Table,
    TextRun,
    build_line,
    build_paragraph,
    build_row,
    build_strong,
)
from amana.trust.vault.compartments import Compartment
from amana.ui.labels import format_list


def build_table(source: PrintSource, name: str) -> list[Block]:
    """Build what `{{ table.NAME }}` is replaced by."""
    if name.startswith("decision."):
        return [build_decision_table(source, name.removeprefix("decision."))]
    return TABLES[name](source)


def format_compartments(codes: Collection[str]) -> str:
    """Format “Identity, Needs”; or that it is nothing."""
    named = [compartment for compartment in Compartment if compartment.value in codes]
    return format_list(named) if named else _("nothing")


# --- who


def build_organisation_table(source: PrintSource) -> list[Block]:
    pack = source.pack
    plays = {
        code: [role.id for role in pack.roles.values() if code in role.who]
        for code in pack.organisations
    }
    rows = [
        build_row(
            build_strong(organisation.name),
            labels.KINDS_OF_ORGANISATION.get(organisation.kind, organisation.kind),
            SPHERES.get(organisation.sphere, organisation.sphere),
            source.roles(tuple(plays[code])) or "–",
        )
        for code, organisation in pack.organisations.items()
    ]
    head = (_("Organisation"), _("Kind"), _("Sphere"), _("Roles"))
    return [Table(head, tuple(rows), (5, 4, 3, 5))]


def build_role_table(source: PrintSource) -> list[Block]:
    rows = [
        build_row(
            build_strong(source.says(role.title)),
            source.says(role.does),
            source.says(role.calls) or "–",
            format_list(source.organisation(code) for code in role.who),
        )
        for role in source.pack.roles.values()
    ]
    head = (_("Role"), _("What they do"), _("Whom they call"), _("Who it is"))
    return [Table(head, tuple(rows), (3, 6, 4, 4))]


def build_duty_table(source: PrintSource) -> list[Block]:
    rows = [
        build_row(
            build_strong(source.says(duty.title)),
            source.roles(duty.does),
            source.role(duty.answers_for),
            source.roles(duty.is_asked) or "–",
            source.roles(duty.is_told) or "–",
        )
        for duty in source.pack.duties.values()
    ]
    head = (
        _("Work"),
        _("Does it"),
        _("Is accountable"),
        _("Is consulted beforehand"),
        _("Is informed afterwards"),
    )
    return [Table(head, tuple(rows), (4, 4, 3, 4, 3))]


# --- what happens


def build_step_table(source: PrintSource) -> list[Block]:
    """Build the table of what people do, in the order of the file; each part under its
    name."""
    rows: list[tuple[Line, ...]] = []
    part = ""
    for step in source.seen.by_hand():
        if step.part != part:
            part = step.part
            rows.append((build_line(labels.format_part_title(source.seen, part)),))
        rows.append(
            build_row(
                build_strong(source.step(step.id)),
                source.role(step.role),
                labels.format_clocks(step.due) or "–",
                source.form_of(step) or "–",
            )
        )
    head = (_("Step"), _("Who"), _("By when"), _("Form"))
    return [Table(head, tuple(rows), (5, 3, 4, 3))]


def build_clock_table(source: PrintSource) -> list[Block]:
    said_clocks = source.pack.clocks
    rows = [
        build_row(
            build_strong(label),
            *(
                labels.format_span(said_clocks[urgency][name].written)
                if name in said_clocks.get(urgency, {})
                else "–"
                for urgency in labels.URGENCY
            ),
        )
        for name, label in labels.CLOCK.items()
    ]
    head = (_("By when"), *map(str, labels.URGENCY.values()))
    return [Table(head, tuple(rows), (5, 3, 3, 3, 3))]


def build_decision_table(source: PrintSource, name: str) -> Table:
    rows = [
        build_row(
            format_condition(rule),
            build_strong(labels.format_code(rule.then)),
            source.says(rule.because),
        )
        for rule in source.pack.decisions[name].rows
    ]
    return Table((_("When"), _("Then"), _("Because")), tuple(rows), (4, 3, 6))


def format_condition(one: DecisionTableRow) -> str:
    if one.otherwise:
        return _("Otherwise")
    return format_list(
        _("%(name)s: %(codes)s")
        % {
            "name": labels.format_name(name),
            "codes": _(" or ").join(map(labels.format_code, sorted(codes))),
        }
        for name, codes in one.when
    )


def build_form_table(source: PrintSource) -> list[Block]:
    used: dict[str, list[str]] = {name: [] for name in source.pack.forms}
    for step in source.seen.by_hand():
        if (form := source.filled_in(step)) in used:
            used[form].append(source.step(step.id))
    rows = [
        build_row(build_strong(source.form(name)), format_list(at) if at else "–")
        for name, at in used.items()
    ]
    return [Table((_("Form"), _("Step")), tuple(rows), (4, 7))]


# --- what flows to whom


def build_sharing_table(source: PrintSource) -> list[Block]:
    rows = [
        build_row(
            build_strong(compartment.label),
            *(format_flow(source, compartment, sphere) for sphere in SPHERES),
        )
        for compartment in Compartment
    ]
    head = (_("Part of a case"), *map(str, SPHERES.values()))
    return [
        Table(head, tuple(rows), (4, 3, 3, 3, 3, 3), centred=True),
        build_paragraph(
            _(
                "Yes: it is sent if the person agrees. No: this mechanism does not "
                "send it. Never: the system cannot send it, whatever is set or "
                "agreed."
            ),
            "quiet",
        ),
    ]


def format_flow(source: PrintSource, compartment: Compartment, sphere: str) -> Line:
    if compartment.value in source.pack.sharing.get(sphere, frozenset()):
        return build_strong(_("Yes"))
    # "Never" is the program's ceiling, which no mechanism can raise (ADR 9); "No" is
    # what this mechanism has chosen. Agencies negotiate the second only.
    return (TextRun(_("No") if compartment.value in CEILING[sphere] else _("Never")),)


# --- what it rests on, and what it measures


def build_law_table(source: PrintSource) -> list[Block]:
    """Build the table of provisions, grouped by instrument, in the order of the
    file."""
    rows: list[tuple[Line, ...]] = []
    instrument = ""
    for clause in source.pack.law.values():
        named = source.says(clause.instrument)
        if named != instrument:
            rows.append((build_line(named),))
            instrument = named
        honoured = format_list(source.step(step) for step in clause.honoured_by)
        rows.append(
            build_row(
                format_provision(source, clause),
                source.says(clause.obliges),
                honoured or "–",
            )
        )
    head = (_("Provision"), _("What it requires of us"), _("Honoured at"))
    return [Table(head, tuple(rows), (4, 6, 5))]


def format_provision(source: PrintSource, one: Provision) -> str:
    said_of_it = [source.says(one.provision)]
    if one.ratified_on:
        day = date_format(one.ratified_on, _("j F Y"))
        said_of_it.append(_("ratified on %(day)s") % {"day": day})
    # A ministry's lawyer must see which quotations were not compared with the treaty.
    if not one.checked:
        said_of_it.append(_("not compared with the source yet"))
    return format_list(filter(None, said_of_it))


def build_indicator_table(source: PrintSource) -> list[Block]:
    rows = [
        build_row(
            build_strong(source.says(indicator.title)),
            format_count(source, indicator.code),
            format_target(source, indicator.target),
            (TextRun(indicator.code, code=True),),
        )
        for indicator in source.pack.indicators.values()
    ]
    head = (_("What"), _("How it is counted"), _("Target"), _("Code"))
    return [Table(head, tuple(rows), (10, 12, 6, 3))]


def format_target(source: PrintSource, target: Text) -> Line:
    """Format a target in words, or a figure that is read from left to right in every
    language."""
    words = (source.says(target) or "–").replace(">=", "≥").replace("<=", "≤")
    return (TextRun(words, code=not any(map(str.isalpha, words))),)


def format_count(source: PrintSource, code: str) -> str:
    one = source.pack.indicators[code]
    counts, of = source.says(one.counts), source.says(one.of)
    return _("%(counts)s, of %(all)s") % {"counts": counts, "all": of} if of else counts


def build_glossary_table(source: PrintSource) -> list[Block]:
    rows = [
        build_row(
            build_strong(source.says(term.term)),
            source.says(term.means),
            term.source or "–",
        )
        for term in source.pack.glossary.values()
    ]
    return [
        Table((_("Word"), _("What we mean by it"), _("Source")), tuple(rows), (3, 7, 3))
    ]


TABLES: dict[str, Callable[[PrintSource], list[Block]]] = {
    "steps": build_step_table,
    "roles": build_role_table,
    "clocks": build_clock_table,
    "sharing": build_sharing_table,
    "law": build_law_table,
    "indicators": build_indicator_table,
    "glossary": build_glossary_table,
    "organisations": build_organisation_table,
    "duties": build_duty_table,
    "forms": build_form_table,
}
