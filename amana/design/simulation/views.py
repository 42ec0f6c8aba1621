"""The page: a question, and its answer as it comes.

The answer is sent while it is worked out, in one page: its head, then a bar for each
repetition that is done (the page's style shows the last), then what was found. So it
moves without a script, and a reader who leaves stops the work. For those who keep
versions: it keeps a processor busy for some seconds."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from amana.design.mechanism import version_contents
from amana.design.mechanism.models import Version
from amana.design.mechanism.pieces import COUNTS
from amana.design.mechanism.rules import keep_version, see_version
from amana.design.mechanism.views.reader_pages import about
from amana.design.simulation import results
from amana.design.simulation.asking import SimulationForm
from amana.design.simulation.progress import run_with_progress
from amana.design.simulation.simulator import EndlessRun
from amana.trust.access.http import Request
from amana.ui.http import show

FORESIGHT = "simulation/foresight.html"
ANSWER = "simulation/foresight_answer.html"
SO_FAR = "simulation/foresight_so_far.html"
HERE = "<!-- the answer -->"
"""Where in the page's template the answer stands."""


@require_GET
def foresight(request: Request, pk: int) -> HttpResponseBase:
    versions = Version.objects.select_related("mechanism", "made_from")
    version = keep_version.find(versions, request.user, pk=pk)
    pack, faults = version_contents.read_version(version)
    context = about(
        request, version, version_contents.read_outline(version), "foresight"
    )
    context["changes"] = [
        (piece.title, reverse("mechanism:only", args=[pk, f"capacity-{part}"]))
        for part, piece in COUNTS.items()
    ]
    if pack is None or not pack.capacity:
        return show(request, FORESIGHT, context | {"faulty": bool(faults)})
    asked = request.GET if "look" in request.GET else None
    question = SimulationForm(asked, pack=pack, others=others(request, version))
    context |= {"question": question, "asked": bool(asked)}
    if not (asked and question.is_valid()):
        status = 422 if asked else 200
        return show(request, FORESIGHT, context, status=status)
    page = render_to_string(FORESIGHT, context, request)
    before, _here, after = page.partition(HERE)
    return StreamingHttpResponse(stream_answer(question, before, after, get_language()))


def others(request: Request, version: Version) -> QuerySet[Version]:
    """Find the other versions that this reader sees."""
    seen = see_version.among(Version.objects.for_list(), request.user)
    return seen.exclude(pk=version.pk)


def stream_answer(
    question: SimulationForm, before: str, after: str, language: str | None
) -> Iterator[str]:
    """Yield the page, with the answer as it is worked out."""

    def say(template: str, context: dict[str, object]) -> str:
        # The view has returned by now, and the active language may be another reader's.
        with translation.override(language):
            return render_to_string(template, context)

    yield before
    yield say(SO_FAR, {"begins": True})
    working = run_with_progress(results.build_work(question))
    try:
        while True:
            try:
                done, of = next(working)
            except StopIteration as end:
                with translation.override(language):
                    answer = results.build_context(question, end.value)
                break
            yield say(SO_FAR, {"done": done, "of": of})
    except EndlessRun as never:
        with translation.override(language):
            answer = {"never": _(never.sentence) % never.values}
    finally:
        # Also when the reader leaves: this ends the work, which keeps a processor busy.
        working.close()
    yield say(SO_FAR, {"ends": True})
    look = question.cleaned_data["look"]
    yield say(ANSWER, answer | {"look": look, "question": question})
    yield after
