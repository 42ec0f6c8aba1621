"""What a page of the manual shows of a command is what the command prints.

    ```text
    # amana doctor
      WRONG Timers
    …
    3 to fix.
    ```

The first line is what is typed. Numbers, times and names of archives are left open; a
line “…” stands for any lines.
"""

import re

from tests.operations.manual import FOLDER

BLOCK = re.compile(r"^```text\n# ([^\n]+)\n(.*?)^```$", re.M | re.S)
ARCHIVE = re.compile(r"amana-(data|keys)-[\w-]+\.age")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def typed(page: str) -> list[tuple[str, str]]:
    """Each command that the page shows, with what it prints."""
    return BLOCK.findall((FOLDER / f"{page}.md").read_text())


def blocks(page: str, command: str) -> list[str]:
    """What the page shows of this command, each time that it is typed."""
    return [printed for words, printed in typed(page) if words == command]


def fits(shown: str, printed: str) -> bool:
    """Whether it was printed so, numbers and lines that are left out apart."""
    pattern = re.escape(left_open(shown)).replace("…\\\n", "(?:.*\n)*?")
    return re.fullmatch(pattern, left_open(printed)) is not None


def left_open(text: str) -> str:
    return NUMBER.sub("0", ARCHIVE.sub(r"amana-\1.age", text.strip() + "\n"))
