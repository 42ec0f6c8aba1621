from django.core.management.base import BaseCommand

from amana.care.referrals import drawing


class Command(BaseCommand):
    help = "Write the statuses and clocks of referrals into the manual."

    def handle(self, **options: object) -> None:
        page = drawing.PAGE
        page.write_text(drawing.insert_drawn_parts(page.read_text()))
        self.stdout.write(f"Written into {page.name}")
