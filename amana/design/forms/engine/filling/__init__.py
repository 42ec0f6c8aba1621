"""Fills a form with answers: what is asked or not, calculated, missing, wrong.

Everything is settled in one pass, because `Form.in_order` puts what depends on another
answer behind it (`reading` refuses circles). The browser does the same with the same
trees: `static/forms/fill.js`."""

from amana.design.forms.engine.filling.answer_errors import fill_form
from amana.design.forms.engine.filling.form_nodes import (
    LONGEST_TOGETHER,
    AnswerProblem,
    Code,
    FormNode,
    Place,
    build_key,
    get_bounds,
    iterate_nodes,
)
from amana.design.forms.engine.filling.settling import (
    FilledForm,
    FormSettlement,
    NodeScope,
)

__all__ = [
    "LONGEST_TOGETHER",
    "AnswerProblem",
    "Code",
    "FilledForm",
    "FormNode",
    "FormSettlement",
    "NodeScope",
    "Place",
    "build_key",
    "fill_form",
    "get_bounds",
    "iterate_nodes",
]
