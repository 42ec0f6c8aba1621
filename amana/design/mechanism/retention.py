"""How long the law of the mechanism in force lets records be kept."""

from collections import defaultdict

from django.utils import timezone

from amana.design.mechanism import find_current_version
from amana.trust.retention.terms import REQUEST, RetentionTerm, Terms


def find_legal_terms() -> Terms:
    """Find, for each kind of record, the shortest term among the provisions that bind
    here.
    """
    version = find_current_version()
    terms: defaultdict[str, list[RetentionTerm]] = defaultdict(list)
    for provision in version.pack.law.values() if version else ():
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
