"""An input for a few codes out of many, such as languages: no list of 130 boxes."""

from typing import Any, override

from django import forms

AT_LEAST = 2


class Selects(forms.SelectMultiple):
    """A few drop-down lists side by side, all of one name; one more than chosen."""

    template_name = "cases/widgets/selects.html"
    use_fieldset = True

    @override
    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_0" if id_ else ""

    @override
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = super().value_from_datadict(data, files, name) or []
        values = [values] if isinstance(values, str) else values
        return [value for value in values if value]

    @override
    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = [str(code) for code in value or []]
        boxes = max(AT_LEAST, len(chosen) + 1)
        context["chosen"] = [*chosen, *[""] * (boxes - len(chosen))]
        context["offered"] = [(str(code), label) for code, label in self.choices]
        return context
