"""Organisations and teams that an import adds for its services, and removes again."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import SET_NULL, ForeignObjectRel, Model
from django.utils.translation import gettext as _

from amana.design.directory.models import Service
from amana.exchange.imports.models import (
    Import,
    ImportName,
    ImportOutcome,
    NameKind,
    NameResolution,
)
from amana.exchange.sources.columns import fold_text
from amana.trust.access import gates
from amana.trust.access.models.organisations import Organisation, Sphere, Team, User

MOST_SIGNED = 100
"""Organisations for whose sphere a person signs with one click: each takes some
milliseconds. For others, people of two other organisations sign."""


def propose_organisations(brought: Import, *, by: User) -> None:
    """Propose the organisations that the new services need, each with a team. The
    person signs for their sphere if their keys are available; others admit them."""
    named = find_needed_names(brought)
    made: dict[str, Organisation] = {}
    for name in named:
        if name.resolution != NameResolution.NEW:
            continue
        # Two spellings in one file are one organisation.
        key = fold_text(name.called) or name.called
        if key not in made:
            made[key], name.created_organisation = Organisation.objects.get_or_create(
                name=name.called,
                defaults={"sphere": Sphere.HUMANITARIAN, "proposed_by": by},
            )
            if name.created_organisation and len(made) <= MOST_SIGNED:
                sign_sphere(made[key], by=by)
        name.organisation = made[key]
    add_teams(named)
    fields = ["organisation", "created_organisation", "created_team"]
    ImportName.objects.bulk_update(named, fields, batch_size=500)


def find_needed_names(brought: Import) -> list[ImportName]:
    """Find the names of organisations that new services have."""
    new = brought.rows.filter(outcome=ImportOutcome.NEW)
    needed = {
        NameKind.ORGANISATION: set(new.values_list("organisation", flat=True)),
        NameKind.MISSING: set(
            new.filter(organisation="").values_list("missing", flat=True)
        ),
    }
    names = brought.names.exclude(kind=NameKind.AREA).select_related("organisation")
    return [
        name
        for name in names.order_by("pk")
        if name.name in needed[NameKind(name.kind)]
        and name.resolution in (NameResolution.NEW, NameResolution.KNOWN)
    ]


def sign_sphere(organisation: Organisation, *, by: User) -> None:
    if by.keyring is not None:
        gates.sign_for_sphere(organisation, organisation.sphere, by=by)


def add_teams(names: Collection[ImportName]) -> None:
    """Add a team to each organisation that has none: it answers for its services."""
    teams = find_teams(names)
    for name in names:
        organisation = name.organisation
        if organisation is not None and organisation.pk not in teams:
            team = Team.objects.create(organisation=organisation, name=_("Referrals"))
            teams[organisation.pk] = name.created_team = team


def find_teams(names: Iterable[ImportName]) -> dict[int, Team]:
    """Find the team that answers for each organisation: its first."""
    keys = {name.organisation_id for name in names if name.organisation_id}
    teams = Team.objects.filter(organisation__in=keys).order_by("-pk")
    return {team.organisation_id: team for team in teams}


# -- removed again ---------------------------------------------------------------------


def find_organisations_in_use(
    brought: Import, *, but: Collection[int] = ()
) -> list[str]:
    """Find the organisations that an import has added, and to which more belongs now
    than these services: members, other services, signatures."""
    mine = brought.names.filter(created_organisation=True).exclude(organisation=None)
    organisations = dict(mine.values_list("organisation", "organisation__name"))
    teams = dict(
        Team.objects.filter(organisation__in=organisations).values_list(
            "pk", "organisation"
        )
    )
    own = set(
        brought.names.exclude(created_team=None).values_list("created_team", flat=True)
    )
    used = {teams[key] for key in teams.keys() - own}
    used |= find_tied(Organisation, organisations, but)
    used |= {teams[key] for key in find_tied(Team, own & teams.keys(), but)}
    admitted = Organisation.objects.filter(
        pk__in=organisations, admitted_at__isnull=False
    )
    used.update(admitted.values_list("pk", flat=True))
    return sorted(organisations[key] for key in used)


def find_tied(
    model: type[Model], keys: Iterable[int], services: Collection[int]
) -> set[int]:
    """Find which of these rows others point to, but for these services, and for teams
    of an organisation."""
    keys, found = list(keys), set()
    for relation in iterate_relations(model):
        related: Any = relation.related_model
        if related is Team:
            continue
        name = relation.field.name
        rows = related._default_manager.filter(**{f"{name}__in": keys})
        for pk, key in rows.values_list("pk", name):
            if related is not Service or pk not in services:
                found.add(key)
    return found


def iterate_relations(model: type[Model]) -> Iterator[ForeignObjectRel]:
    """Yield what points to rows of a model and would not simply let them go."""
    for relation in model._meta.get_fields(include_hidden=True):
        if (
            isinstance(relation, ForeignObjectRel)
            and not relation.many_to_many
            and relation.on_delete is not SET_NULL
        ):
            yield relation


def remove_organisations(brought: Import) -> None:
    """Remove the organisations and teams that an import has added, but for those that
    are in use."""
    in_use = set(find_organisations_in_use(brought))
    names = brought.names.select_related("organisation")
    added = [
        name
        for name in names.filter(created_organisation=True).exclude(organisation=None)
        if name.organisation and name.organisation.name not in in_use
    ]
    keys = [name.organisation_id for name in added if name.organisation_id]
    own = names.exclude(created_team=None).values_list("created_team", flat=True)
    teams = set(own) - {
        *Team.objects.filter(organisation__name__in=in_use).values_list("pk", flat=True)
    }
    free = teams - find_tied(Team, teams, ())
    Team.objects.filter(pk__in=free).delete()
    Organisation.objects.filter(pk__in=keys).delete()
    brought.names.filter(pk__in=[name.pk for name in added]).update(
        created_organisation=False, organisation=None
    )
