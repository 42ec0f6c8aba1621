"""The desk of a practice installation: as whom one acts, and where the work of a course
is made; and what the server takes out of it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.forms import ChoiceField, Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from amana.academy.installations.engine.practice_work import PracticePart
from amana.given import PASSPHRASE
from amana.practising import taking_out
from amana.practising.middleware import ACTS_FOR, OWN, describe_user
from amana.practising.practice_country import FOUNDER
from amana.sandbox.country import get_address
from amana.trust.access.http import Request, posted
from amana.trust.access.models import User
from amana.ui.form_options import Posted
from amana.ui.http import done, send_file, show


@dataclass(frozen=True)
class MakingPage:
    """A page on which work of a course is made."""

    label: str
    about: str
    url: str


def list_making_pages() -> list[MakingPage]:
    return [
        MakingPage(
            _("Emergency lines"),
            _("Who answers, by day and by night."),
            reverse("cases:contacts"),
        ),
        MakingPage(
            _("Services"),
            _("Enter services, and verify them."),
            reverse("directory:services"),
        ),
        MakingPage(
            _("Mechanism"),
            _("Begin a draft; change its pathway, clocks, texts and forms; consult."),
            reverse("mechanism:now"),
        ),
        MakingPage(
            _("Cases"),
            _("Run a case of an invented person, from the first questions to its end."),
            reverse("cases:mine"),
        ),
        MakingPage(
            _("Figures"),
            _("A year of invented figures, to be read and cited."),
            reverse("measure:home"),
        ),
        MakingPage(
            _("Briefs"),
            _("Write what you ask for, and of whom."),
            reverse("briefs:briefs"),
        ),
    ]


class ActAsForm(Form):
    """As which of the accounts of this installation one acts from now on."""

    account = ChoiceField(label=gettext_lazy("Act as"))

    def __init__(self, own: int, chosen: int, data: Posted = None) -> None:
        super().__init__(data, initial={"account": str(chosen)})
        self.fields["account"].choices = list_accounts(own)  # type: ignore[attr-defined]


def list_accounts(own: int) -> list[tuple[str, str]]:
    """List one's own account, then those that stand in for the agencies."""
    learners = User.objects.filter(email__startswith="learner-").exclude(pk=own)
    others = User.objects.exclude(email=get_address(FOUNDER)).exclude(
        pk__in=learners.values("pk")
    )
    # Without those who only found an installation, and are in no team.
    found = others.filter(memberships__ended_at=None, memberships__isnull=False)
    people = sorted(
        found.distinct(), key=lambda user: (user.pk != own, user.name, user.pk)
    )
    return [(str(user.pk), describe_user(user)) for user in people]


@require_GET
def desk(request: Request) -> HttpResponse:
    own = request.session[OWN]
    context = {
        "form": ActAsForm(own, request.user.pk),
        "is_self": request.user.pk == own,
        "pages": list_making_pages(),
        "passphrase": PASSPHRASE,
    }
    return show(request, "practising/desk.html", context)


@require_POST
def choose_account(request: Request) -> HttpResponse:
    """Choose another account to act as from the next page on."""
    form = ActAsForm(request.session[OWN], request.user.pk, posted(request))
    if not form.is_valid():
        raise BadRequest("No such account.")
    chosen = User.objects.get(pk=form.cleaned_data["account"])
    request.session[ACTS_FOR] = chosen.pk
    messages.success(
        request, _("You now act as %(who)s.") % {"who": describe_user(chosen)}
    )
    return done(request, then="practising:desk")


@require_GET
@never_cache
def made(request: Request) -> HttpResponse:
    """Send what was made here, for the server that asks on a learner's behalf."""
    wanted = request.GET.getlist("part")
    if not set(wanted) <= {part.value for part in PracticePart}:
        raise BadRequest("No such part.")
    content = taking_out.write_bundle([PracticePart(part) for part in wanted])
    return send_file(content, "application/zip", "practice.zip")
