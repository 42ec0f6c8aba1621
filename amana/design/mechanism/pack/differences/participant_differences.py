"""What is different in who takes part."""

from collections.abc import Iterator
from functools import partial

from amana.design.mechanism.pack.differences import pack_difference_texts as texts
from amana.design.mechanism.pack.differences.named_comparison import (
    compare_each,
    compare_titles,
)
from amana.design.mechanism.pack.pack_model import Duty, Organisation, Pack, Role
from amana.design.pathway.pathway_differences import (
    Change,
    Difference,
    DifferenceTopic,
    NamedElement,
    describe_members,
    describe_replaced,
    describe_swap,
    list_changed_languages,
    name_role,
)
from amana.design.pathway.pathway_model import EMPTY


def compare_roles(old: Pack, new: Pack) -> Iterator[Difference]:
    yield from compare_each(
        DifferenceTopic.ROLES,
        "role",
        old.roles,
        new.roles,
        partial(compare_role, old, new),
        lambda role: role.title,
    )
    yield from compare_each(
        DifferenceTopic.ROLES,
        "role",
        old.partners,
        new.partners,
        partial(compare_titles, "role"),
        lambda title: title,
    )


def compare_role(
    old: Pack, new: Pack, id: str, was: Role, now: Role
) -> Iterator[Change]:
    yield from compare_titles("role", id, was.title, now.title)
    if languages := list_changed_languages(
        was.does, now.does
    ) or list_changed_languages(was.calls, now.calls):
        # Only named: a change of wording can change the meaning, and only a person can
        # judge that.
        yield texts.WORDS, {"languages": languages}
    yield from describe_members(
        (texts.PLAYS, texts.PLAYS_NOT),
        sorted(was.who),
        sorted(now.who),
        "organisations",
        partial(name_organisation, new),
        partial(name_organisation, old),
    )
    kinds = [NamedElement("access_role", role.access_role) for role in (was, now)]
    yield from describe_replaced(texts.ACCESS, *kinds)
    yield from compare_sphere(was, now)
    if was.may_refer != now.may_refer:
        yield (texts.REFERS if now.may_refer else texts.REFERS_NOT), {}
    yield from describe_members(
        (texts.CERTIFICATES, texts.CERTIFICATES_NOT),
        sorted(was.certificates),
        sorted(now.certificates),
        "codes",
        partial(NamedElement, "file"),
    )


def compare_sphere(
    was: Role | Organisation, now: Role | Organisation
) -> Iterator[Change]:
    spheres = [NamedElement("sphere", side.sphere) for side in (was, now)]
    yield from describe_replaced(texts.SPHERE, *spheres)


def name_organisation(pack: Pack, id: str) -> NamedElement:
    found = pack.organisations.get(id)
    return NamedElement("organisation", id, {"": found.name} if found else EMPTY)


def compare_organisations(old: Pack, new: Pack) -> Iterator[Difference]:
    yield from compare_each(
        DifferenceTopic.ORGANISATIONS,
        "organisation",
        old.organisations,
        new.organisations,
        partial(compare_organisation, old),
        lambda organisation: {"": organisation.name},
    )
    before, here = find_signatories(old), find_signatories(new)
    for sentence, ids, pack in (
        (texts.SIGNS, here - before, new),
        (texts.SIGNS_NOT, before - here, old),
    ):
        for id in sorted(ids):
            values = {"name": name_organisation(pack, id)}
            yield Difference(DifferenceTopic.ORGANISATIONS, sentence, values)


def compare_organisation(
    old: Pack, id: str, was: Organisation, now: Organisation
) -> Iterator[Change]:
    if was.name != now.name:
        yield texts.CALLED, {"before": name_organisation(old, id)}
    yield from compare_sphere(was, now)
    kinds = [NamedElement("kind", side.kind) for side in (was, now)]
    yield from describe_replaced(texts.SORT, *kinds)


def find_signatories(pack: Pack) -> set[str]:
    """Find those named in `signed_by`; where there are none, all organisations sign."""
    return set(pack.plain["mechanism.yaml"].get("signed_by") or pack.organisations)


def compare_duties(old: Pack, new: Pack) -> Iterator[Difference]:
    yield from compare_each(
        DifferenceTopic.DUTIES,
        "duty",
        old.duties,
        new.duties,
        compare_duty,
        lambda duty: duty.title,
    )


def compare_duty(id: str, was: Duty, now: Duty) -> Iterator[Change]:
    yield from compare_titles("duty", id, was.title, now.title)
    answering = name_role(was.answers_for), name_role(now.answers_for)
    yield from describe_replaced(texts.ANSWERS, *answering)
    for before, here, ways in (
        (was.does, now.does, texts.DOES),
        (was.is_asked, now.is_asked, texts.ASKED),
        (was.is_told, now.is_told, texts.TOLD),
    ):
        roles = tuple(map(name_role, before)), tuple(map(name_role, here))
        yield from describe_swap(ways, *roles)
