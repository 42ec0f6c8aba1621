"""How other rooms show a form and take its answers; complete without JavaScript.

    def screen(request: Request, pk: int) -> HttpResponse:
        case = get_object_or_404(…)
        taken = pages.take_answers(request, form, paged="group")
        if taken.finished:
            actions.finish(case, taken.filled, instance=taken.instance_id, by=…)
            return done(request, then=…)
        return pages.show_form(request, taken, to=request.path, title=…)

`take_answers` understands every button of the page: next and back, another child or one
less, and finish, which it allows only when nothing is missing or wrong. `finished`
answers come with their `instance_id`, under which the browser may send them again:
store each once (`@once` on the view does it, or a unique column).

    fill_from_post(request.POST, form) -> Filled   the answers alone
    render_form(request, taken, to=…) -> SafeString
                                                   the <form>, for a page of one's own
    show_form(request, taken, to=…, …) -> HttpResponse
                                                   in `forms/fill.html`, which a room
                                                   extends: blocks head, above, below
    render_blank(form, language) -> SafeString     to be printed and filled in by hand
    render_answers(filled, language) -> SafeString the answers, to be read

    open_form(form, answers=…) -> Taken            as `take_answers` does for a GET

`along` travels with the form as hidden fields. `given` are answers of a while ago, with
which the form begins too: each is shown with who gave it, and opens to be changed.

`drafts` has whose answers these are and to which team they are sealed: unfinished ones
are then stored on the device, and finished ones sent when the network is back, as a
first meeting is (static/forms/drafts.js). The view still takes them without a script.
"""

from amana.design.forms.drawn_form import EarlierAnswer as EarlierAnswer
from amana.design.forms.pages.drawn_pages import (
    format_title,
    render_answers,
    render_blank,
    render_form,
    show_form,
)
from amana.design.forms.pages.form_moves import PageResult, open_form, take_answers
from amana.design.forms.pages.posted_answers import fill_from_post

__all__ = [
    "PageResult",
    "fill_from_post",
    "format_title",
    "open_form",
    "render_answers",
    "render_blank",
    "render_form",
    "show_form",
    "take_answers",
]
