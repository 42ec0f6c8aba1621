"""Print what we promise, or write it as a page: see tests/promises."""

import sys

from tests import promises
from tests.promises.page import PAGE, lines, page


def main(words: list[str]) -> int:
    if words == ["--write"]:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page())
    elif words:
        sys.stderr.write(f"{promises.__doc__}\n")
        return 2
    else:
        sys.stdout.write("\n".join(lines()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
