"""The tables of a mechanism: each is made from the pack anew, so that the paper never
says anything else than what runs."""

from collections.abc import Callable, Collection

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from amana.design.mechanism import sentences
from amana.design.mechanism.engine.decisions import Row
from amana.design.mechanism.engine.pathway import Text
from amana.design.mechanism.pack.ceiling import CEILING
from amana.design.mechanism.pack.model import Provision
from amana.design.mechanism.paper.document import (
    Block,
    Line,
    Run,
    Table,
    plain,
    row,
    said,
    strong,
)
from amana.design.mechanism.paper.source import Source
from amana.design.mechanism.pieces import SPHERES
from amana.trust.vault.compartments import Compartment
from amana.ui.sentences import listed


def table(source: Source, name: str) -> list[Block]:
    """Build what `{{ table.NAME }}` is replaced by."""
    if name.startswith("decision."):
        return [decision(source, name.removeprefix("decision."))]
    return TABLES[name](source)


def compartments(codes: Collection[str]) -> str:
    """Format “Identity, Needs”; or that it is nothing."""
    named = [compartment for compartment in Compartment if compartment.value in codes]
    return listed(named) if named else _("nothing")


# --- who


def organisations(source: Source) -> list[Block]:
    pack = source.pack
    plays = {
        code: [role.id for role in pack.roles.values() if code in role.who]
        for code in pack.organisations
    }
    rows = [
        row(
            strong(organisation.name),
            sentences.KINDS_OF_ORGANISATION.get(organisation.kind, organisation.kind),
            SPHERES.get(organisation.sphere, organisation.sphere),
            source.roles(tuple(plays[code])) or "–",
        )
        for code, organisation in pack.organisations.items()
    ]
    head = (_("Organisation"), _("Kind"), _("Sphere"), _("Roles"))
    return [Table(head, tuple(rows), (5, 4, 3, 5))]


def roles(source: Source) -> list[Block]:
    rows = [
        row(
            strong(source.says(role.title)),
            source.says(role.does),
            source.says(role.calls) or "–",
            listed(source.organisation(code) for code in role.who),
        )
        for role in source.pack.roles.values()
    ]
    head = (_("Role"), _("What they do"), _("Whom they call"), _("Who it is"))
    return [Table(head, tuple(rows), (3, 6, 4, 4))]


def duties(source: Source) -> list[Block]:
    rows = [
        row(
            strong(source.says(duty.title)),
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
        _("Is consulted before"),
        _("Is informed after"),
    )
    return [Table(head, tuple(rows), (4, 4, 3, 4, 3))]


# --- what happens


def steps(source: Source) -> list[Block]:
    """Build the table of what people do, in the order of the file; each part under its
    name."""
    rows: list[tuple[Line, ...]] = []
    part = ""
    for step in source.seen.by_hand():
        if step.part != part:
            part = step.part
            rows.append((plain(sentences.part_title(source.seen, part)),))
        rows.append(
            row(
                strong(source.step(step.id)),
                source.role(step.role),
                sentences.clocks_in_words(step.due) or "–",
                source.form_of(step) or "–",
            )
        )
    head = (_("Step"), _("Who"), _("By when"), _("Form"))
    return [Table(head, tuple(rows), (5, 3, 4, 3))]


def clocks(source: Source) -> list[Block]:
    said_clocks = source.pack.clocks
    rows = [
        row(
            strong(label),
            *(
                sentences.in_words(said_clocks[urgency][name].written)
                if name in said_clocks.get(urgency, {})
                else "–"
                for urgency in sentences.URGENCY
            ),
        )
        for name, label in sentences.CLOCK.items()
    ]
    head = (_("By when"), *map(str, sentences.URGENCY.values()))
    return [Table(head, tuple(rows), (5, 3, 3, 3, 3))]


def decision(source: Source, name: str) -> Table:
    rows = [
        row(
            when(rule),
            strong(sentences.code_in_words(rule.then)),
            source.says(rule.because),
        )
        for rule in source.pack.decisions[name].rows
    ]
    return Table((_("When"), _("Then"), _("Because")), tuple(rows), (4, 3, 6))


def when(one: Row) -> str:
    if one.otherwise:
        return _("Otherwise")
    return listed(
        _("%(name)s: %(codes)s")
        % {
            "name": sentences.name_in_words(name),
            "codes": _(" or ").join(map(sentences.code_in_words, sorted(codes))),
        }
        for name, codes in one.when
    )


def forms(source: Source) -> list[Block]:
    used: dict[str, list[str]] = {name: [] for name in source.pack.forms}
    for step in source.seen.by_hand():
        if (form := source.filled_in(step)) in used:
            used[form].append(source.step(step.id))
    rows = [
        row(strong(source.form(name)), listed(at) if at else "–")
        for name, at in used.items()
    ]
    return [Table((_("Form"), _("Step")), tuple(rows), (4, 7))]


# --- what flows to whom


def sharing(source: Source) -> list[Block]:
    rows = [
        row(
            strong(compartment.label),
            *(may_flow(source, compartment, sphere) for sphere in SPHERES),
        )
        for compartment in Compartment
    ]
    head = (_("Part of a case"), *map(str, SPHERES.values()))
    return [
        Table(head, tuple(rows), (4, 3, 3, 3, 3, 3), centred=True),
        said(
            _(
                "Yes: it is sent if the person agrees. No: this mechanism does not "
                "send it. Never: the system cannot send it, whatever is set or "
                "agreed."
            ),
            "quiet",
        ),
    ]


def may_flow(source: Source, compartment: Compartment, sphere: str) -> Line:
    if compartment.value in source.pack.sharing.get(sphere, frozenset()):
        return strong(_("Yes"))
    # "Never" is the program's ceiling, which no mechanism can raise (ADR 9); "No" is
    # what this mechanism has chosen. Agencies negotiate the second only.
    return (Run(_("No") if compartment.value in CEILING[sphere] else _("Never")),)


# --- what it rests on, and what it measures


def law(source: Source) -> list[Block]:
    """Build the table of provisions, grouped by instrument, in the order of the
    file."""
    rows: list[tuple[Line, ...]] = []
    instrument = ""
    for clause in source.pack.law.values():
        named = source.says(clause.instrument)
        if named != instrument:
            rows.append((plain(named),))
            instrument = named
        honoured = listed(source.step(step) for step in clause.honoured_by)
        rows.append(
            row(provision(source, clause), source.says(clause.obliges), honoured or "–")
        )
    head = (_("Provision"), _("What it requires of us"), _("Honoured at"))
    return [Table(head, tuple(rows), (4, 6, 5))]


def provision(source: Source, one: Provision) -> str:
    said_of_it = [source.says(one.provision)]
    if one.ratified_on:
        day = date_format(one.ratified_on, _("j F Y"))
        said_of_it.append(_("ratified on %(day)s") % {"day": day})
    # A ministry's lawyer must see which quotations were not compared with the treaty.
    if not one.checked:
        said_of_it.append(_("not compared with the source yet"))
    return listed(filter(None, said_of_it))


def indicators(source: Source) -> list[Block]:
    rows = [
        row(
            strong(source.says(indicator.title)),
            counted(source, indicator.code),
            aimed_for(source, indicator.target),
            (Run(indicator.code, code=True),),
        )
        for indicator in source.pack.indicators.values()
    ]
    head = (_("What"), _("How it is counted"), _("Target"), _("Code"))
    return [Table(head, tuple(rows), (10, 12, 6, 3))]


def aimed_for(source: Source, target: Text) -> Line:
    """Format a target in words, or a figure that is read from left to right in every
    language."""
    words = (source.says(target) or "–").replace(">=", "≥").replace("<=", "≤")
    return (Run(words, code=not any(map(str.isalpha, words))),)


def counted(source: Source, code: str) -> str:
    one = source.pack.indicators[code]
    counts, of = source.says(one.counts), source.says(one.of)
    return _("%(counts)s, of %(all)s") % {"counts": counts, "all": of} if of else counts


def glossary(source: Source) -> list[Block]:
    rows = [
        row(strong(source.says(term.term)), source.says(term.means), term.source or "–")
        for term in source.pack.glossary.values()
    ]
    return [
        Table((_("Word"), _("What we mean by it"), _("Source")), tuple(rows), (3, 7, 3))
    ]


TABLES: dict[str, Callable[[Source], list[Block]]] = {
    "steps": steps,
    "roles": roles,
    "clocks": clocks,
    "sharing": sharing,
    "law": law,
    "indicators": indicators,
    "glossary": glossary,
    "organisations": organisations,
    "duties": duties,
    "forms": forms,
}
