"""Read from Python files what `tools.measures` measures, and keep no syntax tree.

All trees at once would take more memory than the tests of the whole product.
"""

import ast
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path

BESIDE_THE_PRODUCT = ("tests", "tools", "benchmarks")
NOUNS = {"property", "cached_property"}
"""What is so decorated is used as a noun, and so may be described by one (PEP 257)."""

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Definition:
    """A class, or a function, of a module."""

    name: str
    line: int
    decorators: frozenset[str] = frozenset()
    """The first word of each: `register` of `@register.filter(…)`."""
    first_argument: str = ""


@dataclass(frozen=True)
class Docstring:
    text: str
    line: int
    of: str


@dataclass(frozen=True)
class Line:
    number: int
    text: str


@dataclass(frozen=True)
class Findings:
    """What a file's syntax tree holds of what is measured."""

    classes: list[Definition]
    """Those of the module itself: classes in classes are named by a framework."""
    functions: list[Definition]
    """Those of the module itself: methods are often named by their class's parent."""
    docstrings: list[Docstring]
    """Those of functions and methods, but not of properties."""
    loops_over_one: list[int]
    """Their lines."""
    uses_of_any: list[int]
    """Their lines."""


@dataclass(frozen=True)
class SourceFile:
    path: str
    """From the root of the repository, with slashes."""
    text: str

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return Path(self.path).parts

    @property
    def wing(self) -> str:
        """Name the wing that holds the file; the product's own folder is one too."""
        return self.parts[1] if len(self.parts) > 2 else self.parts[0]

    @property
    def module(self) -> str:
        """Name the module: a package is named by its folder."""
        path = Path(self.path)
        return path.parent.name if path.stem == "__init__" else path.stem

    @cached_property
    def lines(self) -> int:
        return self.text.count("\n")

    @cached_property
    def findings(self) -> Findings:
        tree = ast.parse(self.text, filename=self.path)
        nodes = list(ast.walk(tree))
        return Findings(
            [
                Definition(node.name, node.lineno)
                for node in tree.body
                if isinstance(node, ast.ClassDef)
            ],
            [
                describe_function(node)
                for node in tree.body
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            ],
            list(list_docstrings(nodes)),
            list(list_loops_over_one(nodes)),
            list(list_uses_of_any(nodes)),
        )

    @cached_property
    def comments(self) -> int:
        """Count the lines that hold a comment alone; a section's heading is none, as it
        gives no reason."""
        # Only Python's own tokens distinguish a comment from a line of a long string.
        # They take long to read, and most files have no such line.
        if not re.search(r"^\s*#", self.text, re.MULTILINE):
            return 0
        return sum(
            token.type == tokenize.COMMENT and is_reason(token.line.lstrip())
            for token in tokenize.generate_tokens(StringIO(self.text).readline)
        )

    @property
    def loops_over_one(self) -> list[Line]:
        # Most tests hold no such word, and need not be parsed.
        if not re.search(r"\bone\b", self.text):
            return []
        return self.take_lines(self.findings.loops_over_one)

    @property
    def uses_of_any(self) -> list[Line]:
        return self.take_lines(set(self.findings.uses_of_any))

    def take_lines(self, numbers: Iterable[int]) -> list[Line]:
        """Take the text of each of these lines, in order."""
        texts = self.text.split("\n")
        return [Line(line, texts[line - 1].strip()) for line in sorted(numbers)]


@dataclass(frozen=True)
class House:
    """A repository: its product is one package, with tests and tools next to it."""

    root: Path
    package: str = "amana"

    @cached_property
    def files(self) -> list[SourceFile]:
        """Read every Python file that we write by hand: migrations are generated."""
        paths = [
            path
            for folder in (self.package, *BESIDE_THE_PRODUCT)
            for path in sorted((self.root / folder).rglob("*.py"))
        ]
        return [
            SourceFile(path.relative_to(self.root).as_posix(), path.read_text())
            for path in [*sorted(self.root.glob("*.py")), *paths]
            if "migrations" not in path.relative_to(self.root).parts
        ]

    @cached_property
    def source(self) -> list[SourceFile]:
        """Leave out tests and tools: what remains runs in production."""
        return [
            file
            for file in self.files
            if file.parts[0] == self.package and "tests" not in file.parts
        ]


def is_reason(line: str) -> bool:
    """Tell a comment that has its line to itself from code, and from a heading."""
    return line.startswith("#") and not line.startswith("# ---")


def describe_function(node: Function) -> Definition:
    arguments = [*node.args.posonlyargs, *node.args.args]
    return Definition(
        node.name,
        node.lineno,
        frozenset(list_decorators(node)),
        arguments[0].arg if arguments else "",
    )


def list_decorators(node: Function) -> Iterator[str]:
    for decorator in node.decorator_list:
        yield re.split(r"\W", ast.unparse(decorator), maxsplit=1)[0]


def list_docstrings(nodes: list[ast.AST]) -> Iterator[Docstring]:
    for node in nodes:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        text = ast.get_docstring(node)
        if text and not NOUNS & set(list_decorators(node)):
            yield Docstring(text, node.body[0].lineno, node.name)


def list_loops_over_one(nodes: list[ast.AST]) -> Iterator[int]:
    """List the lines of loops and comprehensions that call what they hold `one`."""
    for node in nodes:
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            for name in ast.walk(node.target):
                if isinstance(name, ast.Name) and name.id == "one":
                    yield name.lineno


def list_uses_of_any(nodes: list[ast.AST]) -> Iterator[int]:
    for node in nodes:
        match node:
            case ast.Name(id="Any") | ast.Attribute(attr="Any"):
                yield node.lineno
