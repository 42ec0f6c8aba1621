"""The way into an installation of its own, and what its page shows while it starts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from amana.academy.sandboxes import processes, relay
from amana.academy.sandboxes.sandbox_folder import SandboxFolder
from amana.academy.sandboxes.sandbox_kinds import HasSandbox
from amana.errors import Refused
from amana.trust.access.http import BY_ITSELF


def pass_body_on[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Mark a view whose requests belong to someone else: nothing here reads what was
    filled in, and the other side asks for its own proof that a form is its own."""
    marked = csrf_exempt(view)
    marked.passes_body_on = True  # type: ignore[attr-defined]
    return marked


def pass_in(
    request: HttpRequest, sandbox: HasSandbox, *, account: str, page: str
) -> HttpResponse | None:
    """Pass the request on to a page inside, as an account there. Returns None while its
    process starts; raises Refused where it can't."""
    try:
        return relay.pass_on(
            request,
            to=sandbox.folder.socket,
            account=account,
            path=f"/{page}",
            prefix=sandbox.prefix,
        )
    except relay.Busy as error:
        # What a page asks for by itself asks again soon.
        if BY_ITSELF in request.headers:
            return HttpResponse(status=503)
        raise Refused(str(sandbox.sandbox_kind.is_busy)) from error
    except relay.NotAnswering:
        processes.ensure_running(sandbox)
        return None


def describe_progress(folder: SandboxFolder) -> dict[str, object]:
    """Describe how far an installation is built, for the page that waits for it."""
    what, done, total = folder.read_progress()
    return {
        "what": what,
        "done": done,
        "total": max(total, 1),
        # Started, and no longer there: it ended by itself before it could answer.
        "has_failed": folder.started.exists() and not processes.is_held(folder),
    }
