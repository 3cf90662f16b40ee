"""Jobs and sweeps of targets."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hexmark.jobs import job, sweep, wake
from hexmark.organisations.models import Organisation
from hexmark.performance.models import Target
from hexmark.performance.targets import letters
from hexmark.performance.targets.checking import BATCH, OPEN, check_batch, mark_stale_by_the_clock
from hexmark.performance.targets.roles import give_to_all, not_given
from hexmark.performance.targets.rules import SOON

#: People are reminded once, so many days before; who agreed to something due sooner knows.
REMIND = timedelta(days=14)
MOST_REMINDED = 500


@job("performance.check_targets")
def check_targets() -> None:
    """Some targets that may have another answer are looked at; the next call goes on with the others."""
    if check_batch() == BATCH:
        wake("performance.check_targets")


@sweep("performance.check_targets", every_seconds=30)
def wake_to_check() -> None:
    """Targets whose wake-up call was lost, and those whose proof ended by the clock."""
    mark_stale_by_the_clock(timezone.now())
    if Target.objects.filter(stale=True, state__in=OPEN).exists():
        wake("performance.check_targets")


@sweep("performance.give_role_targets", every_seconds=600)
def give_role_targets() -> None:
    """Whoever came into a role by a list, or on a day that has come since, has what the role brings."""
    for organisation in Organisation.objects.filter(role_targets__ended_at__isnull=True, role_targets__isnull=False).distinct():
        for role_target, _ in not_given(organisation):
            give_to_all(role_target)


@sweep("performance.remind", every_seconds=600)
def remind_of_targets() -> None:
    """People are reminded, once, of what is due soon."""
    remind()


@transaction.atomic
def remind() -> int:
    """Everybody whose target is due within two weeks, and was agreed to before these, is written to; returns of how many targets."""
    today = timezone.now().date()
    due = Target.objects.filter(state=Target.State.LIVE, reminded_at__isnull=True, due_on__gte=today, due_on__lte=today + REMIND)
    due = due.filter(person__left_at__isnull=True, live_at__lt=timezone.now() - (SOON - REMIND))
    keys = list(due.select_for_update(of=("self",), skip_locked=True, no_key=True).values_list("pk", flat=True)[:MOST_REMINDED])
    Target.objects.filter(pk__in=keys).update(reminded_at=timezone.now())
    found = Target.objects.filter(pk__in=keys).select_related("organisation", "person__manager", "person__team__lead", "team__lead")
    letters.send_due_soon(list(found.order_by("due_on", "pk")))
    return len(keys)
