"""What a script imports, as it is kept for pages without a network."""

import re
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from amana.ui.storage import StaticFiles


def test_a_script_imports_the_scripts_that_are_kept(tmp_path: Path) -> None:
    of = tmp_path / "of"
    of.mkdir()
    (of / "sealing.js").write_text("export const can = () => true;\n")
    (of / "page.js").write_text('import { can } from "./sealing.js";\ncan();\n')
    files = {name: (FileSystemStorage(of), name) for name in ("page.js", "sealing.js")}
    storage = StaticFiles(location=str(tmp_path / "to"), base_url="/static/")
    for name, (source, path) in files.items():
        storage.save(name, source.open(path))

    list(storage.post_process(files))

    kept = storage.stored_name("sealing.js")
    page = (tmp_path / "to" / storage.stored_name("page.js")).read_text()
    assert kept != "sealing.js"
    assert f'from "./{kept}"' in page


def test_no_script_imports_what_the_storage_would_not_name() -> None:
    """An import for its effect alone keeps the name under which nothing is kept."""
    scripts = [*(settings.ROOT / "amana").rglob("static/*/*.js")]
    bare = re.compile(r"""^\s*import\s*["']""", re.MULTILINE)

    assert scripts
    assert [path.name for path in scripts if bare.search(path.read_text())] == []
