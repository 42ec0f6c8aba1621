"""How the academy is reached, as far as this installation says so.

They are links: nothing is asked of anybody before somebody clicks."""

from dataclasses import dataclass

from django.conf import settings

from amana.telephones import dialled


@dataclass(frozen=True)
class Contact:
    email: str
    telephone: str
    whatsapp: str

    @property
    def dialled(self) -> str:
        return dialled(self.telephone)

    @property
    def chat(self) -> str:
        return f"https://wa.me/{dialled(self.whatsapp).removeprefix('+')}"

    @property
    def is_known(self) -> bool:
        return bool(self.email or self.telephone or self.whatsapp)


def contact() -> Contact:
    return Contact(
        settings.ACADEMY_EMAIL, settings.ACADEMY_TELEPHONE, settings.ACADEMY_WHATSAPP
    )
