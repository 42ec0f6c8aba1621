"""Find circles among imports, and imports that point up in the house."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import grimp
from importlinter.api import read_configuration

from tools.measuring.texts import Place

NOT_IN_PRODUCTION = ("tests", "migrations", "conftest")


class Imports:
    """Who imports whom in a package, its tests and migrations left out.

    The package must be importable. An import within a function counts, and so does one
    for types alone: who reads the file follows them as well.
    """

    def __init__(self, root: Path, package: str) -> None:
        self.root = root
        self.package = package

    @cached_property
    def graph(self) -> grimp.ImportGraph:
        graph = grimp.build_graph(self.package, cache_dir=None)
        for module in set(graph.modules):
            if set(module.split(".")) & set(NOT_IN_PRODUCTION):
                graph.remove_module(module)
        return graph

    def find_circles(self) -> Iterator[Place]:
        """Find the sets of modules in which each imports each, by whatever way."""
        placed: set[str] = set()
        for module in sorted(self.graph.modules):
            if module in placed:
                continue
            around = self.graph.find_upstream_modules(module)
            circle = around & self.graph.find_downstream_modules(module)
            if circle:
                placed |= circle
                yield Place(self.name_file(module), 0, self.write_way(module, circle))

    def write_way(self, module: str, circle: set[str]) -> str:
        """Write the shortest way from a module back to itself."""
        ways = [
            self.graph.find_shortest_chain(first, module) or ()
            for first in self.graph.find_modules_directly_imported_by(module) & circle
        ]
        way = min(ways, key=lambda way: (len(way), way), default=())
        return f"{len(circle | {module})} modules: " + " → ".join([module, *way])

    def find_upward(self) -> Iterator[Place]:
        """Find what breaks the layers that pyproject.toml names for import-linter."""
        options = read_configuration(str(self.root / "pyproject.toml"))
        for contract in options["contracts_options"]:
            if contract["type"] == "layers":
                yield from self.find_against(
                    contract["layers"], contract.get("containers", [])
                )

    def find_against(self, layers: list[str], containers: list[str]) -> Iterator[Place]:
        broken = self.graph.find_illegal_dependencies_for_layers(
            [read_layer(layer) for layer in layers], set(containers) or None
        )
        for dependency in sorted(broken, key=lambda d: (d.importer, d.imported)):
            text = f"{dependency.importer} → {dependency.imported}"
            yield Place(self.name_file(dependency.importer), 0, text)

    def name_file(self, module: str) -> str:
        path = Path(*module.split("."))
        if (self.root / path).is_dir():
            return (path / "__init__.py").as_posix()
        return path.with_suffix(".py").as_posix()


def read_layer(text: str) -> grimp.Layer:
    """Read a layer as import-linter writes it: `a | b` may not know each other."""
    names = text.replace(":", "|").split("|")
    return grimp.Layer(
        *(name.strip(" ()") for name in names), independent=":" not in text
    )
