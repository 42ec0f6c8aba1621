"""The beginning: the first organisation and its two first administrators."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from amana.errors import Refused
from amana.trust.access import founding
from amana.trust.access.models import Sphere


class Command(BaseCommand):
    help = "Enter the first organisation and its two first administrators."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", help="its name; asked for if omitted")
        parser.add_argument(
            "--sphere", choices=Sphere.values, default=Sphere.HUMANITARIAN
        )
        parser.add_argument(
            "--administrator",
            action="append",
            nargs=2,
            metavar=("EMAIL", "NAME"),
            default=[],
            help="given twice, for two different people",
        )

    def handle(
        self,
        *,
        organisation: str | None,
        sphere: str,
        administrator: list[tuple[str, str]],
        **options: object,
    ) -> None:
        organisation = organisation or self.ask("Name of the organisation")
        people = [(email, name) for email, name in administrator]
        for number in range(len(people) + 1, 3):
            email = self.ask(f"E-mail address of administrator {number}")
            people.append((email, self.ask(f"Name of administrator {number}")))
        for email, _name in people:
            validate_email(email)
        try:
            codes = founding.create_first_organisation(
                organisation=organisation,
                sphere=sphere,
                administrators=people,
            )
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Each administrator opens {settings.ADDRESS}/keys/join")
        self.stdout.write("and enters their own code, within seven days:\n")
        for email, code in codes.items():
            self.stdout.write(f"  {email}  {code}")
        self.stdout.write("\nHand each code over in person. They are shown only now.")
        self.stdout.write("When both have joined, the first one signs in once more:")
        self.stdout.write("the two then sign for each other, and others can join.")

    def ask(self, question: str) -> str:
        answer = ""
        while not answer:
            answer = input(f"{question}: ").strip()
        return answer
