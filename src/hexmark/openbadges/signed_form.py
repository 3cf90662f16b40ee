"""How a credential is signed: with which proof inside it, and as which token beside it. One text says it, in tables and settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, cast

from hexmark.openbadges.jose import Profile
from hexmark.openbadges.keys import ALGORITHMS, Algorithm, KeyKind
from hexmark.openbadges.suites import suite_for_signing

#: Cryptosuite -> the kind of key that we sign it with. Only what is named here is issued on choice.
SUITE_KEYS: dict[str, KeyKind] = {"eddsa-rdfc-2022": "Ed25519", "ecdsa-rdfc-2019": "P-256", "eddsa-jcs-2022": "Ed25519"}
#: Algorithm of a token -> the kind of its key.
TOKEN_KEYS: dict[str, KeyKind] = {"EdDSA": "Ed25519", "ES256": "P-256", "RS256": "RSA"}


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A proof by `suite` in the document (none if empty), and a token of `profile` signed with `algorithm`; at least one of them.

    Raises:
        ValueError: neither, or one that is not issued here.
    """

    suite: str = "eddsa-rdfc-2022"
    profile: Profile | None = None
    algorithm: Algorithm = "EdDSA"

    def __post_init__(self) -> None:
        if self.suite and self.suite not in SUITE_KEYS:
            raise ValueError("Such a proof is not issued here.")
        if self.algorithm not in TOKEN_KEYS:
            raise ValueError("Tokens are not signed with such an algorithm here.")
        if not self.suite and self.profile is None:
            raise ValueError("A credential has a proof inside it, or is a token, or both.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The form that `str()` of it wrote, such as `eddsa-rdfc-2022`, `ecdsa-rdfc-2019 JWT:ES256` or `vc+jwt:EdDSA`.

        Raises:
            ValueError: no such form.
        """
        suite, profile, algorithm = "", None, "EdDSA"
        for part in text.split(" "):
            name, colon, after = part.partition(":")
            if colon:
                profile, algorithm = Profile(name), after
            else:
                suite = name
        return cls(suite, profile, cast(Algorithm, algorithm))

    def __str__(self) -> str:
        token = f"{self.profile.value}:{self.algorithm}" if self.profile else ""
        return " ".join(part for part in (self.suite, token) if part)

    @property
    def suite_key(self) -> KeyKind | None:
        """The kind of the key that makes the proof inside; None where there is none."""
        return SUITE_KEYS[self.suite] if self.suite else None

    @property
    def token_key(self) -> KeyKind | None:
        """The kind of the key that signs the token; None where there is none."""
        return TOKEN_KEYS[self.algorithm] if self.profile else None

    @property
    def key_kinds(self) -> tuple[KeyKind, ...]:
        """Every kind of key that it takes, each once."""
        return tuple(dict.fromkeys(kind for kind in (self.suite_key, self.token_key) if kind))

    @property
    def for_lists(self) -> SignedForm:
        """How the lists beside such credentials are signed: with a proof inside, by a key that whoever reads the credential knows.

        A list is no token, and no proof is made with an RSA key: it has the usual one then.
        """
        if self.suite:
            return SignedForm(self.suite)
        return SignedForm("eddsa-rdfc-2022" if self.token_key in (None, "RSA") else suite_for_signing(self.token_key).name)


#: What everything was signed with before there was a choice, and what is signed with unless another is chosen.
USUAL = SignedForm()

assert all(name in ALGORITHMS[kind] for name, kind in TOKEN_KEYS.items()), "A key signs with the algorithm that is chosen."
