"""Awarding, and what was awarded."""

from collections.abc import Mapping

from hexmark.awarding.actions import award
from hexmark.awarding.batches import begin_batch
from hexmark.awarding.row_rules import GivenRow
from hexmark.issuing.changing import begin_change
from hexmark.issuing.models import Credential, StatusChange
from tests.tenancy.area import Area
from tests.world import World


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A run that waits, a signed award, a list that is being mended, and a change of many."""
    version = credential.award.version
    waiting = award(version, to=[acme.manager_person], actor=acme.steward).run
    batch = begin_batch(version, rows=[GivenRow(2, "new@acme.example", "Ben Lund")], source="staff.csv", actor=acme.steward)
    pause = StatusChange.Act.PAUSE
    change = begin_change(acme.organisation, act=pause, credentials=Credential.objects.all(), reason="A question", actor=acme.steward)
    return {
        "run_id": waiting.public_id,
        "award_id": credential.award.public_id,
        "batch_id": batch.public_id,
        "line": "2",
        "change_id": change.public_id,
    }


AREA = Area(
    of_the_organisation=frozenset({"award_new", "award_many", "awards", "awards_export", "awards_change"}),
    of_a_thing=frozenset(
        """
        run run_undo run_release run_pause run_resume run_results manage_award revoke pause lift awards_changed awards_changed_results
        award_many_check award_many_row award_many_people award_many_preview award_many_run award_many_again award_many_discard
        award_many_to_mend
        """.split()
    ),
    values=values,
)
