"""Find a Chromium for the journeys, or bring Debian's; `python -m tools.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import sync_playwright

WITHOUT_WINDOWS = "chromium-headless-shell"
"""The same engine without what draws a browser around the page, which takes half of a
journey's time on a machine without a graphics card."""
NAMES = (
    WITHOUT_WINDOWS,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


class NoChromium(Exception):
    pass


def bring() -> str:
    """Return the path of Debian's, the fastest, where it can be had; else of any."""
    see_that_playwright_runs()
    try:
        return shutil.which(WITHOUT_WINDOWS) or debians()
    except (NoChromium, subprocess.CalledProcessError):
        return find()


def find() -> str:
    """Return the path of a Chromium: on PATH, else Playwright's, else Debian's."""
    see_that_playwright_runs()
    return on_path() or playwrights() or debians()


def see_that_playwright_runs() -> None:
    """Its driver is a Node whose one need of the system a bare Debian lacks."""
    node, _script = compute_driver_executable()
    if subprocess.run([node, "--version"], capture_output=True).returncode != 0:
        install("libatomic1")


def on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def playwrights() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def debians() -> str:
    install(WITHOUT_WINDOWS)
    path = shutil.which(WITHOUT_WINDOWS)
    if not path:
        raise NoChromium(f"Debian's {WITHOUT_WINDOWS} put no browser on PATH.")
    return path


def install(package: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoChromium(
            f"The journeys need {package}, which is not on this machine. Install your "
            "system's package (for Chromium, `playwright install chromium` is enough)."
        )
    print(f"Installing Debian's {package} for the journeys …", file=sys.stderr)
    for words in (
        ["update", "-qq"],
        ["install", "-qq", "-y", "--no-install-recommends", package],
    ):
        subprocess.run(
            ["apt-get", *words],
            check=True,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    path = bring()
    version = subprocess.run([path, "--version"], capture_output=True, text=True)
    print(f"Journeys run in {version.stdout.strip()} ({path})")
