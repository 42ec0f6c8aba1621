"""Static files under names that change with what is in them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A script names the scripts that it imports as they are kept: a page that works
    without a network holds those, and nothing under another name."""

    support_js_module_import_aggregation = True
