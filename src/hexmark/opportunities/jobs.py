"""Jobs and sweeps of opportunities."""

from hexmark.jobs import job, sweep, wake
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.standings import TOLD_AT_ONCE, behind, tell, work_out, work_out_person
from hexmark.opportunities.telling import is_anything_owed, tell_decisions
from hexmark.people.models import Person


@job("opportunities.stand")
def stand(opportunity_id: int) -> None:
    """Everybody's standing at this gate is worked out anew; who is owed a letter gets it."""
    found = Opportunity.objects.select_related("organisation").filter(pk=opportunity_id).first()
    if found is not None and work_out(found):
        wake("opportunities.tell")


@job("opportunities.stand_person")
def stand_person(person_id: int) -> None:
    """One person's standing at every gate is worked out anew."""
    found = Person.objects.select_related("organisation", "account").filter(pk=person_id).first()
    if found is not None and work_out_person(found):
        wake("opportunities.tell")


@job("opportunities.tell")
def tell_them() -> None:
    """Letters about gates that opened or closed, and about decisions whose ten minutes are over."""
    tell_decisions()
    if tell() == TOLD_AT_ONCE:
        wake("opportunities.tell")


@sweep("opportunities.tell", every_seconds=60)
def wake_to_tell() -> None:
    """Decisions whose hold is over, and letters whose wake-up call was lost."""
    if is_anything_owed():
        wake("opportunities.tell")


@sweep("opportunities.stand", every_seconds=600)
def wake_to_stand() -> None:
    """Gates of an earlier day: months in a role pass, and opportunities open, without anybody doing anything."""
    for opportunity_id in behind():
        wake("opportunities.stand", opportunity_id)
