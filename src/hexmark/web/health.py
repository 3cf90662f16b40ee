"""What machines ask: does the process answer, is it ready for work, which version is it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib.metadata import version

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hexmark.errors import NotConfigured
from hexmark.jobs.queries import queue_state
from hexmark.keys.models import StoredKey
from hexmark.keys.store import open_active_key

#: A wake-up call that waits longer means that nobody works the queue off.
OLDEST_CALL = timedelta(minutes=5)


@require_safe
def process(request: HttpRequest) -> JsonResponse:
    """The process answers. Nothing else is asked: a database that rests is no reason to start the process anew."""
    return _fresh({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 until database, migrations, signing key and queue are as work needs them. Says which one is not, and nothing more."""
    outcomes = {name: _safely(check) for name, check in CHECKS.items()}
    is_ready = all(outcomes.values())
    checks = {name: "ok" if outcome else "failed" for name, outcome in outcomes.items()}
    return _fresh({"status": "ready" if is_ready else "not ready", "checks": checks}, status=200 if is_ready else 503)


@require_safe
def running_version(request: HttpRequest) -> JsonResponse:
    """The version that runs."""
    return _fresh({"version": version("hexmark")})


def _fresh(answer: dict[str, object], *, status: int = 200) -> JsonResponse:
    response = JsonResponse(answer, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    # Reading every migration takes a tenth of a second; while this code runs, the answer changes only once.
    if cache.get("health.migrations") == version("hexmark"):
        return True
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    cache.set("health.migrations", version("hexmark"), timeout=60)
    return True


def _key() -> bool:
    stored = StoredKey.objects.filter(retired_at__isnull=True).order_by("pk").first()
    if stored is not None:
        open_active_key(stored.organisation_id)
    return True


def _queue() -> bool:
    oldest = queue_state().oldest_waits_since
    return oldest is None or timezone.now() - oldest < OLDEST_CALL


CHECKS: Mapping[str, Callable[[], bool]] = {"database": _database, "migrations": _migrations, "key": _key, "queue": _queue}


def _safely(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, NotConfigured):
        return False
