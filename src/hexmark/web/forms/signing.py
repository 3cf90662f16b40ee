"""How an organisation signs."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from hexmark.openbadges.jose import Profile
from hexmark.openbadges.keys import Algorithm
from hexmark.openbadges.signed_form import SignedForm

SUITES = (
    ("eddsa-rdfc-2022", "eddsa-rdfc-2022 (Ed25519): the usual one, which every verifier of Open Badges 3.0 reads"),
    ("ecdsa-rdfc-2019", "ecdsa-rdfc-2019 (P-256): where keys must be of a curve of NIST"),
    ("eddsa-jcs-2022", "eddsa-jcs-2022 (Ed25519): for verifiers that do not read linked data"),
    ("", "None: the token alone is the signed file"),
)
PROFILES = (
    ("", "No token"),
    (Profile.OPEN_BADGES.value, "As Open Badges 3.0 writes it (JWT)"),
    (Profile.W3C.value, "As the W3C writes it (vc+jwt)"),
)
ALGORITHMS = (
    ("EdDSA", "EdDSA (Ed25519)"),
    ("ES256", "ES256 (P-256)"),
    ("RS256", "RS256 (RSA of 2,048 bits): for old verifiers; large and slow"),
)


class SignedFormForm(forms.Form):
    """The proof inside, the token beside it, and the token's signature."""

    suite = forms.ChoiceField(label="Proof inside the signed file", choices=SUITES, required=False, widget=forms.RadioSelect)
    profile = forms.ChoiceField(
        label="Token",
        choices=PROFILES,
        required=False,
        widget=forms.RadioSelect,
        help_text="The same statement as one line of text, served beside the file under “.jwt” and to programs that ask for it.",
    )
    algorithm = forms.ChoiceField(label="Signature of the token", choices=ALGORITHMS, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, form: SignedForm) -> None:
        profile = form.profile.value if form.profile else ""
        super().__init__(data, initial={"suite": form.suite, "profile": profile, "algorithm": form.algorithm})

    def clean(self) -> dict[str, Any] | None:
        """One of the two has to be there."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not given["suite"] and not given["profile"]:
            self.add_error("profile", "Without a proof inside, a token is needed: choose how it is written.")
        return given

    @property
    def chosen(self) -> SignedForm:
        """The form that was chosen, once it is valid."""
        given = self.cleaned_data
        profile = Profile(given["profile"]) if given["profile"] else None
        # Without a token its algorithm means nothing; with one text for one choice, choosing it again changes nothing.
        return SignedForm(given["suite"], profile, cast(Algorithm, given["algorithm"]) if profile else "EdDSA")
