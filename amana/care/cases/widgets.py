"""An input for a few codes out of many, such as languages: common ones as boxes, all
others in one list."""

from collections.abc import Callable, Collection
from typing import Any, override

from django import forms


def list_none() -> Collection[str]:
    return ()


class MultiSelect(forms.SelectMultiple):
    """Boxes for what is common or chosen already, and one drop-down list of the others,
    all of one name. One more than the list offers comes with the next page."""

    template_name = "cases/widgets/selects.html"
    use_fieldset = True

    def __init__(
        self, *args: Any, often: Callable[[], Collection[str]] = list_none, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.often = often

    @override
    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_other" if id_ else ""

    @override
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = super().value_from_datadict(data, files, name) or []
        values = [values] if isinstance(values, str) else values
        return list(dict.fromkeys(value for value in values if value))

    @override
    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        labels = {str(code): label for code, label in self.choices}
        chosen = [str(code) for code in value or []]
        boxes = dict.fromkeys([*chosen, *self.often()])
        context["boxes"] = [
            (code, labels[code], code in chosen) for code in boxes if code in labels
        ]
        context["others"] = [
            (code, label) for code, label in labels.items() if code not in boxes
        ]
        return context
