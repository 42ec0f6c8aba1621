"""In which language a package is made, and what it tells the other system."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amana.academy.courses.engine.course_content import CourseContent
from amana.exchange.learning.lessons import taking
from amana.ui import languages

SCORES = [
    ("no", _("Only that a lesson was read; practice stays with the learner")),
    ("yes", _("Also how many practice questions were answered correctly")),
]


class ChoiceForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"))
    score = forms.ChoiceField(
        label=_("What the other system receives"),
        choices=SCORES,
        widget=forms.RadioSelect,
    )

    @classmethod
    def of(cls, course: CourseContent, request: HttpRequest) -> "ChoiceForm":
        score = "yes" if request.GET.get("score") == "yes" else "no"
        said = {"language": taking.choose_language(request, course), "score": score}
        form = cls(initial=said)
        field = form.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (code, languages.format_language(code)) for code in course.languages
        ]
        return form
