"""Forms about a service, and about a person for whom a service is searched."""

from amana.design.directory.forms.directory_inputs import list_area_choices
from amana.design.directory.forms.search_forms import FacetForm, PersonForm
from amana.design.directory.forms.service_form import MoveServiceForm, ServiceForm

__all__ = [
    "FacetForm",
    "MoveServiceForm",
    "PersonForm",
    "ServiceForm",
    "list_area_choices",
]
