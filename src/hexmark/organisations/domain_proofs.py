"""Mail domains that an organisation says are its own, and the proof: a text that only whoever runs the domain can publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.events.log import record
from hexmark.openbadges.errors import Unreachable
from hexmark.organisations.event_types import EventType
from hexmark.organisations.public_id import new_public_id
from hexmark.organisations.tenancy import TenantQuerySet

#: The record stands below the domain, so that it stands in nobody's way there.
RECORD = "_hexmark"
TEXT = "hexmark-domain"
#: Somebody waits for the answers, one after another.
MOST_AT_ONCE = 5

#: Asks name servers for every text of a name; raises Unreachable.
AskTexts = Callable[[str], Sequence[str]]


class DomainProofQuerySet(TenantQuerySet["DomainProof"]):
    """Proofs, for whoever runs the organisation."""

    view_permission = Permission.EDIT_ORGANISATION


class DomainProof(models.Model):
    """One domain that an organisation named, and since when it is proven."""

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="domain_proofs")
    #: In lower case and punycode.
    domain = models.CharField(max_length=253)
    #: What only this organisation is told to publish there, so that one's proof is none for another.
    word = models.CharField(max_length=26, default=new_public_id)
    asked_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)

    objects = DomainProofQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "domain"], name="one_proof_an_organisation_and_domain")]

    def __str__(self) -> str:
        return self.domain

    @property
    def name(self) -> str:
        """The name of the text record."""
        return f"{RECORD}.{self.domain}"

    @property
    def text(self) -> str:
        """What the record must say."""
        return f"{TEXT}={self.word}"


def name_domains(organisation_id: int, domains: Iterable[str]) -> None:
    """Each of these domains has a text to publish; those that have one keep it, and stay proven."""
    DomainProof.objects.bulk_create(
        [DomainProof(organisation_id=organisation_id, domain=domain) for domain in domains], ignore_conflicts=True
    )


def is_proven(organisation_id: int, domain: str) -> bool:
    """Whether the organisation showed that it runs this domain."""
    return DomainProof.objects.filter(organisation_id=organisation_id, domain=domain, proven_at__isnull=False).exists()


def prove_domain(proof: DomainProof, *, ask: AskTexts, actor: Actor) -> bool:
    """The name servers were asked; the domain is proven if they say the text, and is not proven any more if they do not.

    Nothing changes where no server answers: somebody else's trouble takes nobody's proof away.

    Raises:
        NotPermitted: the actor may not edit this organisation.
        Unreachable: no name server answered.
    """
    allow(actor, Permission.EDIT_ORGANISATION, proof)
    said = proof.text in ask(proof.name)
    now = timezone.now()
    with transaction.atomic():
        changed = DomainProof.objects.filter(pk=proof.pk, proven_at__isnull=said).update(proven_at=now if said else None)
        DomainProof.objects.filter(pk=proof.pk).update(asked_at=now)
        if changed:
            record(EventType.DOMAIN_PROVEN if said else EventType.DOMAIN_LOST, proof, actor=actor, domain=proof.domain)
    return said


def prove_domains(proofs: Iterable[DomainProof], *, ask: AskTexts, actor: Actor) -> list[str]:
    """The first few domains that are not proven yet were asked for; returns a sentence for each that is still not.

    Raises:
        NotPermitted: the actor may not edit this organisation.
    """
    sentences = []
    for proof in [proof for proof in proofs if proof.proven_at is None][:MOST_AT_ONCE]:
        try:
            if not prove_domain(proof, ask=ask, actor=actor):
                sentences.append(f"{proof.name} does not say the text yet. Name servers can take an hour to tell each other.")
        except Unreachable as error:
            sentences.append(str(error))
    return sentences
