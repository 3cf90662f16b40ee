"""Did the issuer take it back? Each declared status is looked up in its list; what cannot be looked up is unknown, never "not revoked"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from hexmark.openbadges import limits, status_list
from hexmark.openbadges.checks import revocation_list
from hexmark.openbadges.checks.signature import check_signature
from hexmark.openbadges.checks.sources import Document, Sources, issuer_id, items_of, refusal, unknown
from hexmark.openbadges.checks.words import minute, who
from hexmark.openbadges.errors import FormatError, Malformed, StatusError, Unreachable
from hexmark.openbadges.report import Axis, Check, Outcome
from hexmark.openbadges.status_list import StatusEntry

#: Statuses of one credential that are looked up. Revocation and suspension are two.
ENTRIES = 8
#: Faults that another list, later or earlier, may not have: not an answer about this credential.
_NO_ANSWER = frozenset({"STATUS_STALE", "STATUS_ROLLBACK"})
_NO_ANSWER_DETAILS = frozenset({"STATUS_TYPE", "NOT_YET_VALID", "LIST_PROOF"})


def check_status(document: Document, *, sources: Sources, at: datetime) -> list[Check]:
    """One check for each declared status; a single skipped one if none is.

    Source: W3C Bitstring Status List 1.0, 3.2.
    """
    declared = items_of(document.get("credentialStatus"))
    if "credentialStatus" not in document or declared == []:
        return [Check(Axis.STATUS, Outcome.SKIPPED, "The issuer declared no way to take this badge back.")]
    lists = _Lists(document, sources=sources, at=at)
    checks = [_check_declared(document, entry, lists, sources=sources, at=at) for entry in declared[:ENTRIES]]
    if len(declared) > ENTRIES:
        sentence = f"More than {ENTRIES} statuses are declared; the others were not looked up."
        checks.append(Check(Axis.STATUS, Outcome.UNKNOWN, sentence, "TOO_MANY_QUESTIONS"))
    return checks


def _check_declared(document: Document, entry: object, lists: _Lists, *, sources: Sources, at: datetime) -> Check:
    if isinstance(entry, Mapping) and revocation_list.ENTRY_TYPE in items_of(entry.get("type")):
        return revocation_list.check_revocation_list(document, entry, sources=sources, at=at)
    return _check_entry(entry, lists.require, at=at)


class _Lists:
    """The lists of one credential, each fetched and its proof checked once."""

    def __init__(self, document: Document, *, sources: Sources, at: datetime) -> None:
        self._issuer = issuer_id(document)
        self._sources = sources
        self._at = at
        self._found: dict[str, Document | FormatError | Unreachable] = {}

    def require(self, url: str) -> Document:
        """The list at this URL, signed by the credential's issuer.

        Raises:
            Unreachable: it could not be had.
            StatusError: it is another issuer's, or nobody's: its proof does not hold; STATUS_ROLLBACK, a newer one was seen before.
        """
        if url not in self._found:
            try:
                self._found[url] = self._trusted(url)
            except (FormatError, Unreachable) as error:
                self._found[url] = error
        found = self._found[url]
        if isinstance(found, Exception):
            raise found
        return found

    def _trusted(self, url: str) -> Document:
        try:
            listed = self._sources.status_list(url)
        except FormatError as error:
            raise StatusError(f"What stands there cannot be read: {error}", detail="LIST_PROOF") from error
        issuer = issuer_id(listed)
        if issuer != self._issuer:
            other = who(issuer) if issuer else "nobody"
            raise StatusError(f"The status list is by {other}, not by the badge's issuer.", detail="LIST_ISSUER")
        # The list's own status is never followed (it could point at itself), so this asks no further list.
        signature = check_signature(listed, sources=self._sources, at=self._at)
        if not signature.holds:
            worst = signature.integrity if signature.integrity.outcome is not Outcome.PASSED else signature.issuer
            raise StatusError(f"The status list's own signature could not be confirmed: {worst.sentence}", detail="LIST_PROOF")
        self._require_newest(url, listed)
        return listed

    def _require_newest(self, url: str, listed: Document) -> None:
        """Threat: whoever stands between us and the issuer serves a list from before the revocation, with its good signature."""
        begins = status_list.begins_at(listed) or datetime.min.replace(tzinfo=UTC)
        if begins > self._at + timedelta(seconds=limits.CLOCK_SKEW_SECONDS):
            # Not valid yet, which is found out later. It must not make every list before it an old one.
            return
        if begins < self._sources.newest_list(url, begins):
            raise StatusError("An older status list was served than one that was seen before.", code="STATUS_ROLLBACK")


def _check_entry(declared: object, require: Callable[[str], Document], *, at: datetime) -> Check:
    before = "Whether it was revoked could not be checked: "
    try:
        if not isinstance(declared, Mapping):
            raise Malformed("A status needs to be an object with a type.", pointer="/credentialStatus")
        entry = status_list.entries_of({"credentialStatus": declared})[0]
        before = f"{_question(entry)} could not be checked: "
        value = status_list.entry_value(entry, require(entry.list_url), at=at)
    except Unreachable as error:
        return unknown(Axis.STATUS, error, before)
    except FormatError as error:
        if error.code in _NO_ANSWER or error.detail in _NO_ANSWER_DETAILS:
            return unknown(Axis.STATUS, error, before)
        return refusal(Axis.STATUS, error, before)
    return _answer(entry, value, at)


def _question(entry: StatusEntry) -> str:
    questions = {"revocation": "Whether it was revoked", "suspension": "Whether it is paused"}
    return questions.get(entry.purpose, f"The status “{entry.purpose[:40]}”")


def _answer(entry: StatusEntry, value: int, at: datetime) -> Check:
    checked = f"(list checked {minute(at)})"
    details = {"purpose": entry.purpose, "index": entry.index, "list": entry.list_url, "value": value}
    outcome, sentence, code = Outcome.PASSED, f"Nothing noted under “{entry.purpose[:40]}” {checked}.", None
    if entry.purpose == "revocation":
        sentence = f"Not revoked {checked}."
        if value:
            outcome, sentence, code = Outcome.FAILED, f"Revoked by issuer {checked}.", "REVOKED"
    elif entry.purpose == "suspension":
        sentence = f"Not paused {checked}."
        if value:
            outcome, sentence, code = Outcome.FAILED, f"Paused by issuer {checked}. The issuer may lift this again.", "SUSPENDED"
    elif entry.purpose == "message":
        sentence = f"The issuer notes: {entry.messages.get(value, hex(value))[:200]} {checked}."
    elif entry.purpose == "refresh":
        if value:
            sentence = f"The issuer has a newer version of this badge {checked}."
    elif value:
        words = f"The issuer noted “{entry.purpose[:40]}”, a status whose meaning is not known here {checked}."
        outcome, sentence, code = Outcome.UNKNOWN, words, "STATUS_PURPOSE"
    return Check(Axis.STATUS, outcome, sentence, code, details)
