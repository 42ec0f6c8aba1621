"""How long the laws of the mechanisms in force let records be kept."""

from collections import defaultdict

from django.utils import timezone

from amana.design.mechanism.choosing import list_versions_in_force
from amana.trust.retention.terms import REQUEST, RetentionTerm, Terms


def find_legal_terms() -> Terms:
    """Find, for each kind of record, the shortest term among the provisions that bind
    here, in whichever mechanism: what one of them has to erase, none may keep.
    """
    terms: defaultdict[str, list[RetentionTerm]] = defaultdict(list)
    packs = [version.pack for version in list_versions_in_force()]
    for provision in (p for pack in packs for p in pack.law.values()):
        # A law that is signed but not yet in force for this country deletes nothing.
        if not provision.ratified_on or provision.ratified_on > timezone.localdate():
            continue
        for kind, written in provision.kept_at_most.items():
            terms[kind].append(RetentionTerm.parse(written))
        if provision.requests_answered_within:
            terms[REQUEST].append(
                RetentionTerm.parse(provision.requests_answered_within)
            )
    return {kind: min(found, key=RetentionTerm.length) for kind, found in terms.items()}
