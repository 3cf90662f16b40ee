"""Templates that were compiled, found by what their documents say."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import TypeVar

from hexmark.openbadges import jose, proofs, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.jose import Profile
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.suites import suite_for_signing
from hexmark.openbadges.template.badge import BadgeTemplate, Document, dumped
from hexmark.openbadges.template.slots import Miss, fill
from hexmark.openbadges.template.token import TokenTemplate
from hexmark.openbadges.template.watch import Watch

#: Badges of which the template is kept.
CAPACITY = 256

Template = TypeVar("Template", BadgeTemplate, TokenTemplate)
#: What a template is for besides its document.
Use = tuple[str, ...]


class BadgeTemplates:
    """Compiled templates, at most `capacity`. May be used from many threads."""

    def __init__(self, *, watch: Watch, capacity: int = CAPACITY) -> None:
        self._watch = watch
        self._capacity = capacity
        self._kept: OrderedDict[tuple[bytes, Use], BadgeTemplate | TokenTemplate | None] = OrderedDict()
        #: For each use, the document looked up last and its template. Awards come in runs of one badge.
        self._last: dict[Use, tuple[Document, BadgeTemplate | TokenTemplate | None]] = {}
        self._lock = Lock()

    def sign(
        self,
        document: Document,
        values: Mapping[str, str],
        *,
        key: SigningKey,
        verification_method: str,
        created: datetime,
        cryptosuite: str | None = None,
    ) -> str:
        """The JSON text of the document with these values in its slots, signed; the same bytes whether by template or not.

        A document that is handed over again for the next award is not looked at anew, and so must not be changed.

        Raises:
            as `proofs.add_proof`.
        """

        def slowly() -> str:
            filled = fill(document, values)
            signed = proofs.add_proof(filled, key=key, verification_method=verification_method, created=created, cryptosuite=cryptosuite)
            return strict_json.dump(signed).decode()

        template = None
        if values and self._watch.trusted:
            suite = suite_for_signing(key.public.kind, cryptosuite)
            template = self._template(document, (suite.name, suite.key_kind), lambda: BadgeTemplate.compile(document, suite=suite))
        if template is None:
            return slowly()
        try:
            text = template.sign(values, key=key, verification_method=verification_method, created=created)
        except Miss:
            return slowly()
        return self._watch.confirmed(text, slowly)

    def token(self, document: Document, values: Mapping[str, str], *, key: SigningKey, verification_method: str, profile: Profile) -> str:
        """The document with these values in its slots as a token, as `jose.sign_jwt` gives it, whether by template or not.

        Raises:
            as `jose.sign_jwt`.
        """

        def slowly() -> str:
            return jose.sign_jwt(fill(document, values), key=key, verification_method=verification_method, profile=profile)

        kind = key.public.kind
        template = None
        if values and self._watch.trusted:
            template = self._template(
                document,
                (profile.value, kind, verification_method),
                lambda: TokenTemplate.compile(document, kind=kind, verification_method=verification_method, profile=profile),
            )
        if template is None:
            return slowly()
        try:
            text = template.sign(values, key=key)
        except Miss:
            return slowly()
        return self._watch.confirmed(text, slowly)

    def _template(self, document: Document, use: Use, compile_: Callable[[], Template]) -> Template | None:
        last = self._last.get(use)
        if last is not None and last[0] is document:
            return last[1]  # type: ignore[return-value]  # what a use has is of its class
        try:
            template = self._found((sha256(dumped(document)).digest(), use), compile_)
        except Miss:
            template = None
        if len(self._last) >= self._capacity:
            self._last.clear()
        self._last[use] = (document, template)
        return template

    def _found(self, digest: tuple[bytes, Use], compile_: Callable[[], Template]) -> Template | None:
        with self._lock:
            if digest not in self._kept:
                try:
                    self._kept[digest] = compile_()
                except (Miss, FormatError):
                    # The slow path says what is wrong, if anything is, with the texts of the award in its place.
                    self._kept[digest] = None
            self._kept.move_to_end(digest)
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
            return self._kept[digest]  # type: ignore[return-value]  # as above
