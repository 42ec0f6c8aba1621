"""The files in which a release is offered, and for whom each is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.exchange.figures import ctdc, dhis2, hxl, long, sdg, workbook
from amana.insight.release.models import Release


def accept_any_release(release: Release) -> bool:
    return True


@dataclass(frozen=True)
class FigureFormat:
    code: str
    """In its address."""
    ending: str
    media: str
    label: str | Promise
    what: str | Promise
    """What it is for."""
    write: Callable[[Release], bytes]
    fits: Callable[[Release], bool] = accept_any_release

    def name_of(self, release: Release) -> str:
        return f"release-{release.pk}-{release.year}-{self.code}.{self.ending}"


CSV, JSON = "text/csv; charset=utf-8", "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS = {
    file_format.code: file_format
    for file_format in (
        FigureFormat(
            *("workbook", "xlsx", XLSX, _("Spreadsheet (XLSX)")),
            _("Each table on a sheet, in the language of this page."),
            workbook.write_xlsx,
        ),
        FigureFormat(
            *("counts", "csv", CSV, _("All counts (CSV)")),
            _("One long table of codes, for programs."),
            long.write_csv,
        ),
        FigureFormat(
            *("counts-parquet", "parquet", "application/vnd.apache.parquet"),
            *(
                _("All counts (Parquet)"),
                _("The same, for programs that read columns."),
            ),
            long.write_parquet_file,
            long.can_write_parquet,
        ),
        FigureFormat(
            *("hxl", "csv", CSV, "HXL"),
            _("With hashtags, for the humanitarian data exchange."),
            hxl.write_hxl,
        ),
        FigureFormat(
            *("dhis2-metadata", "json", JSON, _("DHIS2: metadata")),
            _("Data elements and areas, to load before the values."),
            dhis2.write_metadata,
        ),
        FigureFormat(
            *("dhis2-values", "json", JSON, _("DHIS2: values")),
            _("A data value set, for the ministry’s statistics."),
            dhis2.write_values,
        ),
        FigureFormat(
            *("sdg-16-2-2", "csv", CSV, "SDG 16.2.2 (SDMX)"),
            _("Detected victims per 100,000, for the Sustainable Development Goals."),
            sdg.write_sdmx,
            sdg.has_figures,
        ),
        FigureFormat(
            *("ctdc", "csv", CSV, _("CTDC columns")),
            _("Counts in the columns of the Counter Trafficking Data Collaborative."),
            ctdc.write_ctdc,
            ctdc.has_figures,
        ),
    )
}


def list_formats(release: Release) -> list[FigureFormat]:
    return [
        file_format for file_format in FORMATS.values() if file_format.fits(release)
    ]
