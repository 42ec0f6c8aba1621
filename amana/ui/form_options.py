"""What every form of Django's takes, for forms that take something of their own too."""

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, TypedDict

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

type Label = _StrOrPromise
"""What a field is called; translated when it is shown, if it is lazy."""

type Posted = Mapping[str, object] | None
"""What was filled in; None: the form is shown empty."""

type Files = MultiValueDict[str, "UploadedFile[bytes]"] | None
"""The files that came with it."""


class FormOptions(TypedDict, total=False):
    """Options that every form of Django's takes by keyword."""

    auto_id: str
    prefix: str | None
    initial: MutableMapping[str, Any] | None
    empty_permitted: bool
    use_required_attribute: bool


class FieldOptions(TypedDict, total=False):
    """Options that every field of Django's takes by keyword."""

    required: bool
    initial: object
    help_text: Label
    disabled: bool
