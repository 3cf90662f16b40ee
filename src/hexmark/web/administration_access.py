"""Who has which access: granting, ending, inviting, and whether a second factor is demanded."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from hexmark.access import Access, Permission
from hexmark.errors import DomainError, Invalid
from hexmark.organisations.sign_in import require_second_factor
from hexmark.people import inviting
from hexmark.people.actions import end_access, grant_access
from hexmark.people.models import Membership, Person
from hexmark.people.queries import people_by_email
from hexmark.web.administering import administers, administration_page, organisation_of
from hexmark.web.confirmation import ask_again
from hexmark.web.factors import accounts_with_factor
from hexmark.web.forms.administration import AccessForm
from hexmark.web.requests import Request

ROWS = 50


@administers(Permission.GRANT_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: Request) -> HttpResponse:
    """Everybody with more access than a member, or whom the search finds; and a form to grant some."""
    form = AccessForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if asked := ask_again(request, back_to=request.path):
            return asked
        if "required" in request.POST:
            return _demand_second_factor(request)
        if form.is_valid() and _granted(request, form):
            return redirect("administration_access")
    search = request.GET.get("q", "").strip()[:100]
    page = Paginator(_people(request, search), ROWS).get_page(request.GET.get("page"))
    with_factor = accounts_with_factor([person.account_id for person in page if person.account_id])
    labels = dict(Membership.ACCESS_CHOICES)
    rows = [
        {
            "person": person,
            "accesses": [(one.access, labels[one.access]) for one in person.memberships.all()],
            "factor": person.account_id in with_factor,
        }
        for person in page
    ]
    context = {"page": page, "rows": rows, "search": search, "form": form, "required": organisation_of(request).second_factor_required}
    return administration_page(request, "access", "administration_access", context, status=422 if form.errors else 200)


@administers(Permission.GRANT_ACCESS)
@require_POST
def end(request: Request) -> HttpResponse:
    """Somebody no longer has one kind of access."""
    person = _person(request)
    if request.POST.get("access") not in set(Access):
        raise Http404
    if asked := ask_again(request, back_to=reverse("administration_access")):
        return asked
    ended = Access(request.POST["access"])
    end_access(person, access=ended, actor=request.actor)
    messages.success(request, f"{person.name} no longer has the access “{dict(Membership.ACCESS_CHOICES)[ended]}”.")
    return redirect("administration_access")


@administers(Permission.GRANT_ACCESS)
@require_POST
def invite(request: Request) -> HttpResponse:
    """Somebody without an account gets a mail with which they can open one."""
    person = _person(request)
    inviting.invite(person, actor=request.actor)
    messages.success(request, f"An invitation to {person.email} is on its way.")
    return redirect("administration_access")


def _demand_second_factor(request: Request) -> HttpResponse:
    """Access beyond a member's is used only with a second factor, or without one again."""
    required = request.POST.get("required") == "1"
    account = request.person.account if request.person else None
    if required and (account is None or not accounts_with_factor([account.pk])):
        raise Invalid("Add a second factor to your own account first: otherwise you would shut yourself out.")
    require_second_factor(organisation_of(request), required=required, actor=request.actor)
    messages.success(request, "A second factor is demanded from now on." if required else "A second factor is no longer demanded.")
    return redirect("administration_access")


def _granted(request: Request, form: AccessForm) -> bool:
    email = form.cleaned_data["email"]
    person = people_by_email(organisation_of(request), [email]).get(email.lower())
    if person is None or person.left_at is not None:
        form.add_error("email", "Nobody here has this address. Add them under People first.")
        return False
    try:
        grant_access(person, access=Access(form.cleaned_data["access"]), actor=request.actor)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"{person.name} has the access “{dict(Membership.ACCESS_CHOICES)[form.cleaned_data['access']]}”.")
    return True


def _people(request: Request, search: str) -> QuerySet[Person]:
    people = Person.objects.visible_to(request.actor).filter(left_at__isnull=True)
    if search:
        people = people.filter(Q(name__icontains=search) | Q(email__icontains=search))
    else:
        more = Membership.objects.exclude(access=Access.MEMBER.value)
        people = people.filter(pk__in=more.values("person_id"))
    memberships = Prefetch("memberships", Membership.objects.order_by("access"))
    return people.select_related("account").prefetch_related(memberships).order_by("name", "pk")


def _person(request: Request) -> Person:
    person = Person.objects.visible_to(request.actor).filter(public_id=request.POST.get("person", "")).first()
    if person is None:
        raise Http404
    return person
