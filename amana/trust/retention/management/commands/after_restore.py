from django.core.management.base import BaseCommand, CommandError

from amana.trust.audit import anchor, sealing
from amana.trust.audit.offline_verifier import parse_head
from amana.trust.retention import erasing
from amana.trust.vault import heartbeat
from amana.trust.vault.erased import ListBroken


class Command(BaseCommand):
    help = (
        "After a restoration: erase again what was erased, and list what people still "
        "have to do before pages are shown. May be run again."
    )

    def handle(self, **options: object) -> None:
        say = self.stdout.write
        try:
            cases, lines = erasing.apply()
        except ListBroken as error:
            raise CommandError(f"1. The list of erased records: {error}") from error
        say(f"1. Erased again: {cases} cases; {lines} lines were missing. Done.")
        # In this order: what was erased must not be readable while people do the rest.
        doubt = heartbeat.is_in_doubt()
        say(
            "2. The clock: an administrator, coordinator or data-protection officer "
            "has to confirm the time, on the page Retention."
            if doubt
            else "2. The clock: correct. Done."
        )
        found = sealing.compare_with_anchor()
        if found is None:
            say("3. The log: it is the one last signed. Done.")
            return
        seen = parse_head(found.seen).size if found.seen else 0
        say(
            f"3. The log: {found.kind}. The database has {found.size} entries, {seen} "
            "were signed. If a newer database exists, restore it; otherwise two people "
            "who never shared a team declare the restoration at /witness/restoration."
        )
        if not anchor.read().notes:
            say(f"   The file {anchor.get_path()} is missing: restore its newest copy.")
