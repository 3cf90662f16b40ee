"""The outbox, one message, and the templates with previews and tests."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.access import Permission
from hexmark.mail.actions import cancel, queue, send_again
from hexmark.mail.jobs import server_rests_because, try_at_once
from hexmark.mail.letters import LANGUAGES, Letter, render_sample, sample, templates
from hexmark.mail.models import Message
from hexmark.mail.server import parse_server
from hexmark.web.administering import administers, administration_page, organisation_of
from hexmark.web.headers import CONTENT_SECURITY_POLICY
from hexmark.web.requests import Request

ROWS = 50
#: A preview can show text and styles of its own, and do nothing: no script, no form, no link that leaves, no picture from elsewhere.
PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src {ours} data:; frame-ancestors 'self'; sandbox"


@administers(Permission.EDIT_ORGANISATION)
@require_safe
def outbox(request: Request) -> HttpResponse:
    """What was written, to whom, and whether it arrived at the mail server."""
    ours = Message.objects.visible_to(request.actor)
    counts = dict(ours.values_list("state").annotate(number=Count("pk")).order_by())
    state, search = request.GET.get("state", ""), request.GET.get("q", "").strip()[:100]
    found = ours.defer("text", "html").order_by("-pk")
    if state in Message.State.values:
        found = found.filter(state=state)
    if search:
        found = found.filter(Q(to__icontains=search) | Q(subject__icontains=search) | Q(about=search))
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "states": [(value, label, counts.get(value, 0)) for value, label in Message.State.choices],
        "state": state,
        "search": search,
        "server": parse_server(settings.SMTP_URL),
        "sender": settings.MAIL_FROM,
        "rests": server_rests_because(),
    }
    return administration_page(request, "mail", "administration_mail", context)


@administers(Permission.EDIT_ORGANISATION)
@require_safe
def message(request: Request, message_id: str) -> HttpResponse:
    """One message: where it stands, and what it says."""
    found = _message(request, message_id)
    return _with_frame(administration_page(request, "message", "administration_mail", {"message": found}))


@administers(Permission.EDIT_ORGANISATION)
@require_safe
def preview(request: Request, message_id: str) -> HttpResponse:
    """The message as mail programs show it, in a sandbox."""
    found = _message(request, message_id)
    if not found.may_be_shown or not found.html:
        raise Http404
    return _sandboxed(found.html)


@administers(Permission.EDIT_ORGANISATION)
@require_POST
def again(request: Request, message_id: str) -> HttpResponse:
    """It is sent again."""
    found = _message(request, message_id)
    try_at_once()
    send_again(found, actor=request.actor)
    messages.success(request, "It is sent again.")
    return redirect("administration_mail")


@administers(Permission.EDIT_ORGANISATION)
@require_POST
def stop(request: Request, message_id: str) -> HttpResponse:
    """It is not sent."""
    cancel(_message(request, message_id), actor=request.actor)
    messages.success(request, "It will not be sent.")
    return redirect("administration_mail")


@administers(Permission.EDIT_ORGANISATION)
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: Request) -> HttpResponse:
    """Every template in every language; or the one that is named, with made-up data, which can be sent to whoever asks."""
    named = request.POST if request.method == "POST" else request.GET
    if "template" not in named:
        every = [(name, _title(name), _languages(languages)) for name, languages in templates().items()]
        return administration_page(request, "letters", "administration_mail", {"letters": every})
    template, language = named["template"], named.get("language", "")
    if language not in templates().get(template, ()):
        raise Http404
    if request.method == "POST":
        return _send_sample(request, template, language)
    rendered = render_sample(template, language=language)
    if "preview" in named:
        return _sandboxed(rendered.html)
    context = {
        "name": template,
        "title": _title(template),
        # Not `language`: in a page that is the page's own.
        "written_in": language,
        "language_name": LANGUAGES.get(language, language),
        "others": _languages(one for one in templates()[template] if one != language),
        "rendered": rendered,
    }
    return _with_frame(administration_page(request, "letter", "administration_mail", context))


def _send_sample(request: Request, template: str, language: str) -> HttpResponse:
    assert request.person is not None
    try_at_once()
    queue(Letter(request.person.email, template, language, sample(template), organisation_of(request).pk, about="test"))
    messages.success(request, f"A test to {request.person.email} waits in the outbox.")
    return redirect(f"{reverse('administration_letters')}?template={template}&language={language}")


def _languages(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, LANGUAGES.get(code, code)) for code in codes]


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _message(request: Request, message_id: str) -> Message:
    found = Message.objects.visible_to(request.actor).filter(public_id=message_id).first()
    if found is None:
        raise Http404
    return found


def _with_frame(response: HttpResponse) -> HttpResponse:
    """The page, which may show a preview of ours in a frame."""
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


def _sandboxed(html: str) -> HttpResponse:
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY.format(ours=settings.PUBLIC_URL)
    # The page of administration shows it in a frame; nobody else's may.
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
