"""Reading awards with a meaning."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from hexmark.access import Actor, Permission
from hexmark.awarding.models import Award, AwardRun
from hexmark.people.queries import actor_for


def due_for_signing(at: datetime) -> QuerySet[Award]:
    """Open awards whose hold is over and that no credential stands for yet, oldest first. For issuing, in every organisation."""
    waiting = Award.objects.filter(release_at__lte=at, closed_at__isnull=True, reserved_at__isnull=True, credential__isnull=True)
    going_on = waiting.filter(run__undone_at__isnull=True, run__paused_at__isnull=True)
    return going_on.select_related("run__awarded_by__account").order_by("release_at", "pk")


def awarder_lacks_right(run: AwardRun) -> str:
    """Why the run may not be signed: whoever awarded lost the right meanwhile. Empty when nothing is in the way."""
    if run.awarded_by is None:
        # An automatic award or one of the installation: its right is the organisation's own.
        return ""
    if actor_for(run.awarded_by).may(Permission.AWARD):
        return ""
    return f"{run.awarded_by_label} no longer had the right to award when this was to be signed."


def recent_runs(actor: Actor, *, limit: int = 20) -> list[AwardRun]:
    """The latest runs, each with `total` and `signed` counts, newest first."""
    runs = AwardRun.objects.visible_to(actor).select_related("version__achievement")
    return list(counted(runs).order_by("-awarded_at", "-pk")[:limit])


def visible_run(actor: Actor, public_id: str) -> AwardRun | None:
    """One run, or None where the actor may not know of it."""
    runs = AwardRun.objects.visible_to(actor).filter(public_id=public_id)
    return runs.select_related("version__achievement__organisation", "organisation", "awarded_by").first()


def run_with_counts(actor: Actor, public_id: str) -> AwardRun | None:
    """One run with `total`, `signed` and `refused` counts, or None where the actor may not know of it."""
    runs = (
        AwardRun.objects.visible_to(actor).filter(public_id=public_id).select_related("version__achievement__organisation", "organisation")
    )
    return counted(runs).first()


def counted(runs: QuerySet[AwardRun]) -> QuerySet[AwardRun]:
    """The runs, each with how many awards it holds (`total`), and how many of these were `signed` and `refused`."""
    return runs.annotate(
        total=Count("awards"),
        signed=Count("awards", filter=Q(awards__credential__issued_at__isnull=False)),
        refused=Count("awards", filter=~Q(awards__refusal="")),
    )
