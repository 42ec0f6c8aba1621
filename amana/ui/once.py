"""One form, one effect, however often it arrives.

`{% form %}`, `{% post_button %}` and `{% confirm %}` carry a key that is new each time
a page is drawn. A view that creates something is marked:

    @require_POST
    @apply_once
    def send(request, pk): …

Key and effect are written in one transaction. When the answer was lost and the same
form comes again, even at the same moment, the second is led where the first was led.
A form that was not accepted (422, 409, an error) may come again. An exception leaves
nothing. A page that says what is wrong leaves what the view wrote to draw it: above
all, that it opened sealed text, which then is on that page. Nothing else is there to
be left, because an action that was refused has undone itself.

What takes long is done before the transaction, as reading a file is. Then two views
share the work: the outer one is marked `answer_unless_done`, and calls the one marked
`apply_once`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import escape_leading_slashes
from django_htmx.http import HttpResponseClientRedirect

from amana.ui.http import asks_for_part, get_destination
from amana.ui.models import Submission

FIELD = "_once"


def make_key() -> str:
    return str(uuid4())


def make_form_key() -> dict[str, str]:
    """Make what a test or a client adds to the fields that it posts."""
    return {FIELD: make_key()}


def choose_key(request: HttpRequest | None) -> str:
    """Return the key of the form that is shown again with its mistakes, else a new
    one."""
    sent = request.POST.get(FIELD, "") if request is not None else ""
    return sent or make_key()


def apply_once[R: HttpRequest, **P](
    view: Callable[Concatenate[R, P], HttpResponse],
) -> Callable[Concatenate[R, P], HttpResponse]:
    @wraps(view)
    def take(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key, sender = read_key(request), str(request.user.pk or "")
        with transaction.atomic():
            # Before the view, and in its transaction: a second request waits here for
            # the first to end, and then finds where it led.
            submission = claim_key(sender, key)
            if submission is None:
                return repeat_redirect(
                    request, Submission.objects.get(sender=sender, key=key)
                )
            response = view(request, *args, **kwargs)
            # A form with mistakes comes again under its key, and must be taken then.
            if response.status_code >= 400:
                submission.delete()
            else:
                submission.led_to = get_destination(response)
                submission.save(update_fields=["led_to"])
        return response

    return take


def answer_unless_done[R: HttpRequest, **P](
    view: Callable[Concatenate[R, P], HttpResponse],
) -> Callable[Concatenate[R, P], HttpResponse]:
    """Wrap a view that calls one marked `apply_once`, after work that is not done
    twice either."""

    @wraps(view)
    def take(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST":
            key, sender = read_key(request), str(request.user.pk or "")
            done = Submission.objects.filter(sender=sender, key=key).first()
            if done:
                return repeat_redirect(request, done)
        return view(request, *args, **kwargs)

    return take


def read_key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError as error:
        raise BadRequest(f"This form came without its key ({FIELD}).") from error


def claim_key(sender: str, key: UUID) -> Submission | None:
    """Claim the key, or return None: waits while the same form is being answered
    elsewhere."""
    try:
        with transaction.atomic():
            return Submission.objects.create(sender=sender, key=key)
    except IntegrityError:
        return None


def repeat_redirect(request: HttpRequest, submission: Submission) -> HttpResponse:
    to = submission.led_to or escape_leading_slashes(request.get_full_path())
    if asks_for_part(request):
        return HttpResponseClientRedirect(to)
    return HttpResponseRedirect(to)
