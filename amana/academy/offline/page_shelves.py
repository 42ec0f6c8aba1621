"""Where kept pages are: under addresses of their own, or as files in one folder."""

from dataclasses import dataclass

from django.templatetags.static import static
from django.urls import reverse

from amana.ui import languages

SCRIPTS = ("offline/outbox.js", "offline/learn.js")


def list_styles(language: str) -> list[str]:
    way = languages.get_direction(language)
    return [
        f"ui/vendor/bootstrap/reboot.{way}.css",
        "ui/ui.css",
        "ui/work.css",
        "courses/courses.css",
        "offline/offline.css",
    ]


@dataclass(frozen=True)
class DeviceShelf:
    """Kept by the browser for a version, as its own addresses; see worker.js."""

    version: int
    language: str
    course: str
    mode = "device"

    @property
    def styles(self) -> list[str]:
        return [static(name) for name in list_styles(self.language)]

    @property
    def scripts(self) -> list[str]:
        return [static(name) for name in (*SCRIPTS, "ui/quick_exit.js")]

    @property
    def home(self) -> str:
        return reverse("offline:kept")

    @property
    def told(self) -> str:
        return reverse("offline:told")

    @property
    def pass_(self) -> str:
        return reverse("offline:enter")

    @property
    def sign_in(self) -> str:
        return reverse("courses:home")

    def module(self, code: str) -> str:
        return reverse("offline:module", args=[self.version, self.language, code])

    def lesson(self, code: str, part: str) -> str:
        place = [self.version, self.language, code, part]
        return reverse("offline:lesson", args=place)

    def test(self, code: str) -> str:
        return reverse("offline:test", args=[self.version, self.language, code])

    def figure(self, code: str, name: str) -> str:
        return reverse("courses:figure", args=[self.course, code, *name.split(".")])


@dataclass(frozen=True)
class StickShelf:
    """Files in one folder, opened from it. `policy`: no server is asked for
    anything."""

    language: str
    mode = "stick"
    home = "index.html"
    policy = (
        "default-src 'none'; script-src file:; style-src file:; "
        "img-src file: data:; form-action 'none'; base-uri 'none'"
    )

    @property
    def styles(self) -> list[str]:
        return [self.own(name) for name in list_styles(self.language)]

    @property
    def scripts(self) -> list[str]:
        return [self.own(name) for name in SCRIPTS]

    @staticmethod
    def own(name: str) -> str:
        return "files/" + name.rpartition("/")[2]

    def module(self, code: str) -> str:
        return f"{code}.html"

    def lesson(self, code: str, part: str) -> str:
        return f"{code}-{part}.html"

    def test(self, code: str) -> str:
        return ""

    def figure(self, code: str, name: str) -> str:
        return f"files/{code}-{name}.svg"
