"""Why a document was refused. Codes follow W3C (VCDM 2.0, Data Integrity, Bitstring Status List, Controlled Identifiers)
where a code exists, and stay stable: programs may compare them. Sentences are for people and may improve.
"""


class FormatError(Exception):
    """A document, key, list or image cannot be accepted.

    `code` is upper snake case (`MALFORMED_VALUE_ERROR`); `detail` narrows it (`CONTEXT_ORDER`) or is None; `pointer` is the
    RFC 6901 pointer of the offending member, where one is known; `str(error)` is a sentence.
    """

    code = "MALFORMED_VALUE_ERROR"

    def __init__(self, message: str, *, code: str | None = None, detail: str | None = None, pointer: str | None = None) -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.detail = detail
        self.pointer = pointer

    @property
    def full_code(self) -> str:
        """`CODE` or `CODE/DETAIL`."""
        return f"{self.code}/{self.detail}" if self.detail else self.code


class Unparsable(FormatError):
    """The bytes are not the one strict JSON that we read."""

    code = "PARSING_ERROR"


class TooLarge(FormatError):
    """A limit of `openbadges.limits` was passed; nothing behind it was read."""

    code = "PAYLOAD_TOO_LARGE"


class Malformed(FormatError):
    """Readable, but not what the standard allows."""

    code = "MALFORMED_VALUE_ERROR"


class SchemaError(FormatError):
    """A property of Open Badges 3.0 is missing, of the wrong type or out of its vocabulary."""

    code = "SCHEMA_ERROR"


class ContextNotAllowed(FormatError):
    """A JSON-LD context that is not one of the pinned ones. Contexts are never fetched."""

    code = "CONTEXT_NOT_ALLOWED"


class UnsafeDocument(FormatError):
    """Something in the JSON would not be covered by the signature, so it must be neither signed nor believed."""

    code = "PROOF_TRANSFORMATION_ERROR"


class WorkLimit(FormatError):
    """Canonicalising would take more work than any honest badge needs."""

    code = "RDFC_LIMIT"


class ProofError(FormatError):
    """The proof does not hold for this document and this key."""

    code = "PROOF_VERIFICATION_ERROR"


class TokenError(FormatError):
    """A credential in the compact form (JWS, JWT) cannot be read, or does not hold; each code names one rule of it."""

    code = "JWS_PARTS"


class InvalidKey(FormatError):
    """A key or verification method is malformed or may not be used for this."""

    code = "INVALID_VERIFICATION_METHOD"


class DidError(FormatError):
    """A DID or its document is malformed."""

    code = "INVALID_DID"


class StatusError(FormatError):
    """A status entry or status list cannot be used; never to be read as "not revoked"."""

    code = "STATUS_VERIFICATION_ERROR"


class BakedError(FormatError):
    """An image holds no credential, or not exactly one that can be read."""

    code = "BAKED_NOT_FOUND"


class Unreachable(Exception):
    """A source outside the document could not be reached or was refused before it was asked: *unknown*, never passed or failed.

    `code` as for FormatError (`SSRF_BLOCKED`, `DEADLINE`, `TLS_ERROR`, `OFFLINE`, …).
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code
