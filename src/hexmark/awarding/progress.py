"""How far a run is, and what became of each of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from hexmark.access import Actor
from hexmark.awarding.making import TO_MAKE
from hexmark.awarding.models import AwardRun, Batch, BatchRow, award_url

#: Over so long the rate is taken: long enough to be calm, short enough to notice a pause.
WINDOW = timedelta(seconds=20)
Outcome = BatchRow.Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of people. `total` is everybody the run was started for, without those who held it already."""

    total: int
    signed: int
    refused: int
    failed: int
    #: Rows that are not awards yet.
    unmade: int
    passed_over: int
    per_second: float

    @property
    def waiting(self) -> int:
        """Who is still to be signed for."""
        return max(0, self.total - self.signed - self.refused - self.failed)

    @property
    def is_done(self) -> bool:
        """Whether nothing of the run is left to do."""
        return self.waiting == 0

    @property
    def seconds_left(self) -> int | None:
        """How long the rest takes at the present rate; None where nothing was signed lately."""
        return round(self.waiting / self.per_second) if self.per_second else None


def run_progress(run: AwardRun, at: datetime) -> Progress:
    """How far the run is at this moment."""
    recent = Q(credential__issued_at__gt=at - WINDOW)
    counts = run.awards.aggregate(
        made=Count("pk"),
        signed=Count("pk", filter=Q(credential__issued_at__isnull=False)),
        refused=Count("pk", filter=~Q(refusal="")),
        recent=Count("pk", filter=recent),
    )
    rows = dict(BatchRow.objects.filter(batch__run=run).values_list("outcome").annotate(Count("pk")))
    unmade, failed = sum(rows.get(outcome, 0) for outcome in TO_MAKE), rows.get(Outcome.FAILED, 0)
    seconds = max(1.0, min(WINDOW.total_seconds(), (at - run.release_at).total_seconds()))
    return Progress(
        total=counts["made"] + unmade + failed,
        signed=counts["signed"],
        refused=counts["refused"],
        failed=failed,
        unmade=unmade,
        passed_over=rows.get(Outcome.HELD, 0),
        per_second=counts["recent"] / seconds,
    )


def outcome_counts(batch: Batch) -> dict[str, int]:
    """How many rows have each outcome."""
    return dict(batch.rows.values_list("outcome").annotate(Count("pk")))


def visible_batch(actor: Actor, public_id: str) -> Batch | None:
    """The list, where the actor may know of it, with all that its pages show."""
    batches = Batch.objects.visible_to(actor).filter(public_id=public_id)
    return batches.select_related("version__achievement__organisation", "organisation", "created_by__account", "run").first()


def open_batches(actor: Actor, *, limit: int = 10) -> list[Batch]:
    """The latest lists that were not run, each with `total`, newest first."""
    batches = Batch.objects.visible_to(actor).filter(state=Batch.State.OPEN).select_related("version")
    return list(batches.annotate(total=Count("rows")).order_by("-created_at", "-pk")[:limit])


#: What a file of results says of each row, by column.
RESULT_COLUMNS = ("id", "line", "email", "name", "status", "error", "award_url")


def results(run: AwardRun) -> Iterator[tuple[object, ...]]:
    """Each row of the run's list, or each award where there was no list, as `RESULT_COLUMNS`."""
    batch = Batch.objects.filter(run=run).first()
    if batch is not None:
        yield from _results_of_list(run, batch)
        return
    awards = run.awards.select_related("person", "credential").defer("credential__document").order_by("pk")
    for line, award in enumerate(awards.iterator(chunk_size=1000), start=1):
        status = _status(run, award.refusal, getattr(award, "credential", None))
        yield (award.public_id, line, award.person.email, award.person.name, status, award.refusal, award.url)


def rows_to_mend(batch: Batch) -> QuerySet[BatchRow]:
    """The rows that are not run as they stand, in their order."""
    return batch.rows.filter(outcome__in=(Outcome.MEND, Outcome.DOUBLE, Outcome.FAILED)).order_by("line")


def _results_of_list(run: AwardRun, batch: Batch) -> Iterator[tuple[object, ...]]:
    rows = batch.rows.select_related("award__credential", "person").defer("award__credential__document").order_by("line")
    for row in rows.iterator(chunk_size=1000):
        award = row.award
        name = row.person.name if row.person else row.name
        if award is None:
            status = "undone" if run.undone_at and row.outcome in (*TO_MAKE, Outcome.AWARDED) else _ROW_STATUS[Outcome(row.outcome)]
            yield ("", row.line, row.email, name, status, row.reason, "")
            continue
        status = _status(run, award.refusal, getattr(award, "credential", None))
        yield (award.public_id, row.line, row.email, name, status, award.refusal, award_url(award.public_id))


_ROW_STATUS = {
    Outcome.UNCHECKED: "not run",
    Outcome.READY: "waiting",
    Outcome.NEW: "waiting",
    Outcome.MEND: "not run",
    Outcome.HELD: "already held",
    Outcome.DOUBLE: "twice in the list",
    Outcome.AWARDED: "waiting",
    Outcome.FAILED: "failed",
}


def _status(run: AwardRun, refusal: str, credential: object) -> str:
    if refusal:
        return "refused"
    if getattr(credential, "revoked_at", None):
        return "revoked"
    if getattr(credential, "issued_at", None):
        return "signed"
    return "undone" if run.undone_at else "waiting"
