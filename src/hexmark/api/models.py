"""Tables of the API itself: answers that are kept for repeated calls, and how much of each allowance is spent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.organisations.models import ApiKey


class IdempotentCall(models.Model):
    """A changing call that named an Idempotency-Key, and its answer once there is one."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    idempotency_key = models.CharField(max_length=255)
    #: Of method, address, conditions and body: the same key with anything else is a mistake.
    request_sha256 = models.CharField(max_length=64)
    #: Who answers it now, and since when; a process that died is not waited for.
    attempt = models.CharField(max_length=32)
    begun_at = models.DateTimeField()
    #: Empty until it is answered.
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["api_key", "idempotency_key"], name="one_call_an_idempotency_key")]
        indexes: ClassVar = [models.Index(fields=["begun_at"], name="idempotent_call_age")]

    def __str__(self) -> str:
        return f"{self.idempotency_key} of {self.api_key_id}"


class Allowance(models.Model):
    """How many requests one caller has made in the present window."""

    caller = models.CharField(max_length=100, unique=True)
    #: Seconds since 1970, divided by the length of a window.
    window_start = models.BigIntegerField()
    used = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.caller}: {self.used}"
