"""What is different in who takes part."""

from collections.abc import Iterable, Iterator, Mapping

from amana.design.mechanism.engine.pathway import EMPTY
from amana.design.mechanism.engine.pathway_differences.difference_texts import (
    Change,
    Difference,
    DifferenceTopic,
    NamedElement,
    Value,
    describe_swap,
    list_changed_languages,
)
from amana.design.mechanism.engine.pathway_differences.named_elements import name_role
from amana.design.mechanism.pack.differences.pack_difference_texts import (
    ACCESS,
    ANSWERS,
    ASKED,
    CALLED,
    CERTIFICATES,
    CERTIFICATES_NOT,
    DOES,
    PLAYS,
    PLAYS_NOT,
    REFERS,
    REFERS_NOT,
    SIGNS,
    SIGNS_NOT,
    SORT,
    SPHERE,
    TOLD,
    WORDS,
    compare_names,
    list_common_ids,
    map_titles,
    name_all,
    name_thing,
)
from amana.design.mechanism.pack.pack_model import Organisation, Pack, Role


def compare_roles(old: Pack, new: Pack) -> Iterator[Difference]:
    yield from compare_names(
        DifferenceTopic.ROLES, "role", map_titles(old.roles), map_titles(new.roles)
    )
    for id in list_common_ids(old.roles, new.roles):
        name = name_thing("role", id, new.roles[id].title)
        for sentence, values in compare_role(old, new, old.roles[id], new.roles[id]):
            yield Difference(DifferenceTopic.ROLES, sentence, {"name": name, **values})
    partners = old.partners, new.partners
    yield from compare_names(DifferenceTopic.ROLES, "role", *partners)
    for id in list_common_ids(*partners):
        if old.partners[id] != new.partners[id]:
            before = name_thing("role", id, old.partners[id], before=True)
            values = {
                "before": before,
                "name": name_thing("role", id, new.partners[id]),
            }
            yield Difference(DifferenceTopic.ROLES, CALLED, values)


def compare_role(old: Pack, new: Pack, was: Role, now: Role) -> Iterator[Change]:
    if was.title != now.title:
        yield CALLED, {"before": name_thing("role", was.id, was.title, before=True)}
    if languages := list_changed_languages(
        was.does, now.does
    ) or list_changed_languages(was.calls, now.calls):
        # Only named: a change of wording can change the meaning, and only a person can
        # judge that.
        yield WORDS, {"languages": languages}
    for sentence, ids, pack in (
        (PLAYS, set(now.who) - set(was.who), new),
        (PLAYS_NOT, set(was.who) - set(now.who), old),
    ):
        if ids:
            yield sentence, {"organisations": name_organisations(pack, ids)}
    if was.access_role != now.access_role:
        kinds = [NamedElement("access_role", role.access_role) for role in (now, was)]
        yield ACCESS, {"now": kinds[0], "before": kinds[1]}
    yield from compare_sphere(was, now)
    if was.may_refer != now.may_refer:
        yield (REFERS if now.may_refer else REFERS_NOT), {}
    held = set(was.certificates), set(now.certificates)
    if more := held[1] - held[0]:
        yield CERTIFICATES, {"codes": name_all("file", sorted(more))}
    if fewer := held[0] - held[1]:
        yield CERTIFICATES_NOT, {"codes": name_all("file", sorted(fewer))}


def compare_sphere(
    was: Role | Organisation, now: Role | Organisation
) -> Iterator[Change]:
    if was.sphere != now.sphere:
        spheres = NamedElement("sphere", now.sphere), NamedElement("sphere", was.sphere)
        yield SPHERE, {"now": spheres[0], "before": spheres[1]}


def name_organisations(pack: Pack, ids: Iterable[str]) -> tuple[NamedElement, ...]:
    return tuple(name_organisation(pack, id) for id in sorted(ids))


def name_organisation(pack: Pack, id: str) -> NamedElement:
    found = pack.organisations.get(id)
    return name_thing("organisation", id, {"": found.name} if found else EMPTY)


def compare_organisations(old: Pack, new: Pack) -> Iterator[Difference]:
    names = [
        {id: {"": o.name} for id, o in p.organisations.items()} for p in (old, new)
    ]
    yield from compare_names(DifferenceTopic.ORGANISATIONS, "organisation", *names)
    for id in list_common_ids(old.organisations, new.organisations):
        name = name_organisation(new, id)
        was, now = old.organisations[id], new.organisations[id]
        for sentence, values in compare_organisation(old, was, now):
            yield Difference(
                DifferenceTopic.ORGANISATIONS, sentence, {"name": name, **values}
            )
    before, here = find_signatories(old), find_signatories(new)
    for sentence, ids, pack in (
        (SIGNS, here - before, new),
        (SIGNS_NOT, before - here, old),
    ):
        for id in sorted(ids):
            values = {"name": name_organisation(pack, id)}
            yield Difference(DifferenceTopic.ORGANISATIONS, sentence, values)


def compare_organisation(
    old: Pack, was: Organisation, now: Organisation
) -> Iterator[Change]:
    if was.name != now.name:
        yield CALLED, {"before": name_organisation(old, was.id)}
    yield from compare_sphere(was, now)
    if was.kind != now.kind:
        yield (
            SORT,
            {
                "now": NamedElement("kind", now.kind),
                "before": NamedElement("kind", was.kind),
            },
        )


def find_signatories(pack: Pack) -> set[str]:
    """Find those named in `signed_by`; where there are none, all organisations sign."""
    return set(pack.plain["mechanism.yaml"].get("signed_by") or pack.organisations)


def compare_duties(old: Pack, new: Pack) -> Iterator[Difference]:
    yield from compare_names(
        DifferenceTopic.DUTIES, "duty", map_titles(old.duties), map_titles(new.duties)
    )
    for id in list_common_ids(old.duties, new.duties):
        was, now = old.duties[id], new.duties[id]
        name: Mapping[str, Value] = {"name": name_thing("duty", id, now.title)}
        if was.title != now.title:
            before = name_thing("duty", id, was.title, before=True)
            yield Difference(DifferenceTopic.DUTIES, CALLED, {**name, "before": before})
        if was.answers_for != now.answers_for:
            roles = {
                "now": name_role(now.answers_for),
                "before": name_role(was.answers_for),
            }
            yield Difference(DifferenceTopic.DUTIES, ANSWERS, {**name, **roles})
        for roles_were, roles_are, ways in (
            (was.does, now.does, DOES),
            (was.is_asked, now.is_asked, ASKED),
            (was.is_told, now.is_told, TOLD),
        ):
            roles_of = (
                tuple(map(name_role, roles_were)),
                tuple(map(name_role, roles_are)),
            )
            for sentence, values in describe_swap(*roles_of, ways):
                yield Difference(DifferenceTopic.DUTIES, sentence, {**name, **values})
