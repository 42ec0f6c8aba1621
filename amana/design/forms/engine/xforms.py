"""The form as ODK's programs need it: pyxform converts the workbook to an XForm."""

import io
import re
from xml.sax.saxutils import quoteattr

from amana.design.forms.engine.form_faults import UnreadablePart
from amana.faults import gettext_noop

NO_XFORM = gettext_noop("ODK’s own converter rejects this form: %(said)s")


def convert_to_xform(xlsx: bytes, *, name: str) -> str:
    """Convert a workbook that `read_form` accepted to an XForm. Raises `UnreadablePart`
    where
    pyxform refuses it.

    `name` is the form's own (`Form.name`), for forms whose settings have no form_id."""
    # pyxform takes seconds to import, so it is imported only where it is used.
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    try:
        made = convert(io.BytesIO(xlsx), file_type=".xlsx", form_name="data")
    except PyXFormError as error:
        said = re.sub(r"\s+", " ", str(error))[:300]
        raise UnreadablePart(NO_XFORM, said=said) from error
    # Without a form_id pyxform calls each form "data".
    return re.sub(
        r'(<data\b[^>]* id=)"data"', rf"\1{quoteattr(name)}", made.xform, count=1
    )
