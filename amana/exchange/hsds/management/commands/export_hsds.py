import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from amana.design.directory.models import Service
from amana.exchange.hsds import writing
from amana.trust.audit import log


class Command(BaseCommand):
    help = "Write the directory to FILE as HSDS 3.x JSON, without hidden places."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **options: object) -> None:
        content = writing.build_page(Service.objects.for_list().order_by("pk"))
        log.record("exported services", by=None, services=content["total_items"])
        text = json.dumps(content, ensure_ascii=False, indent=1)
        file.write_text(text, encoding="utf-8")
        self.stdout.write(f"{content['total_items']} services written.")
