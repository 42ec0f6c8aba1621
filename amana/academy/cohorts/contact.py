"""How to reach the academy, as far as this installation has set it.

They are links: nothing is requested from anyone before a click."""

from dataclasses import dataclass

from django.conf import settings

from amana.telephones import format_dialled


@dataclass(frozen=True)
class Contact:
    email: str
    telephone: str
    whatsapp: str

    @property
    def chat(self) -> str:
        """The link to a chat; empty where the setting is not one number."""
        number = format_dialled(self.whatsapp).removeprefix("+").removeprefix("00")
        return f"https://wa.me/{number}" if number else ""

    @property
    def is_known(self) -> bool:
        return bool(self.email or self.telephone or self.chat)


def read_contact() -> Contact:
    return Contact(
        settings.ACADEMY_EMAIL, settings.ACADEMY_TELEPHONE, settings.ACADEMY_WHATSAPP
    )
