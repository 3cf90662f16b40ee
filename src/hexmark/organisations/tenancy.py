"""What belongs to an organisation, and the only way in: `visible_to(actor)`."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

from hexmark.access import Actor, Permission

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[M_co]):
    """Rows of one organisation. A subclass that knows more than "all or nothing" overrides `visible_to`."""

    #: Who holds this permission sees all rows of the organisation; nobody else sees any.
    view_permission: Permission = Permission.VIEW_CATALOGUE

    def visible_to(self, actor: Actor) -> Self:
        """The rows that the actor may know of; none for a stranger."""
        return self.in_house(actor) if actor.may(self.view_permission) else self.none()

    def in_house(self, actor: Actor) -> Self:
        """The rows of the organisation for which the actor acts, whatever its permissions; none where it acts for none."""
        return self.none() if actor.organisation_id is None else self.filter(organisation_id=actor.organisation_id)
