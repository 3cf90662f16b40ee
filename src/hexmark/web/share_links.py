"""Addresses and snippets with which an award is shown elsewhere. Nothing here asks the network, and nothing counts who follows."""

from __future__ import annotations

import io
from datetime import datetime
from html import escape
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from hexmark.issuing.models import Credential

#: The embedded page's size in pixels.
EMBED_WIDTH, EMBED_HEIGHT = 320, 400
_MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\[]()!*_`<>#|~"})


def add_to_profile(credential: Credential) -> str:
    """LinkedIn's form for a certification, filled in. Months are 1 to 12, in the issuer's own days."""
    version, issuer = credential.award.version, credential.organisation
    fields = {"name": version.name, "organizationName": issuer.name} | _month("issue", credential.award.awarded_at.astimezone(issuer.zone))
    if credential.valid_until:
        fields |= _month("expiration", credential.valid_until.astimezone(issuer.zone))
    fields |= {"certUrl": credential.url, "certId": credential.award.public_id}
    return f"{settings.LINKEDIN_PROFILE_URL}&{urlencode(fields)}"


def _month(of: str, moment: datetime) -> dict[str, str]:
    return {f"{of}Year": str(moment.year), f"{of}Month": str(moment.month)}


def post_about(credential: Credential) -> str:
    """LinkedIn's form for a post with the link."""
    return settings.LINKEDIN_POST_URL + "?" + urlencode({"url": credential.url})


def mail_about(credential: Credential) -> str:
    """A mail to whoever one chooses, with the link."""
    # Mail programs read a plus as a plus, so that spaces are written as %20.
    text = {"subject": credential.award.version.name, "body": credential.url}
    return "mailto:?" + urlencode(text).replace("+", "%20")


def picture_url(credential: Credential, *, size: int, form: str = "png") -> str:
    """The badge's picture, with twice as many pixels, at an address that everybody may load."""
    return f"{credential.award.version.image_url}/{size}x2.{form}"


def alternative(credential: Credential) -> str:
    """The picture in words."""
    version = credential.award.version
    level = f", level {version.level} of 5" if version.level else ""
    return f"{version.name}{level}, awarded by {credential.organisation.name}"


def picture_link(credential: Credential, *, size: int = 160) -> str:
    """HTML of a picture that leads to the award, which any page and most mail programs accept."""
    image = f'<img src="{picture_url(credential, size=size)}" alt="{escape(alternative(credential))}" width="{size}" height="{size}">'
    return f'<a href="{credential.url}">{image}</a>'


def markdown(credential: Credential, *, size: int = 160) -> str:
    """The same for a page written in Markdown."""
    words = alternative(credential).translate(_MARKDOWN)
    return f"[![{words}]({picture_url(credential, size=size)})]({credential.url})"


def signature(credential: Credential) -> str:
    """HTML for the foot of a mail: a small picture and the words beside it, in a table because mail programs know nothing else."""
    name, issuer = escape(credential.award.version.name), escape(credential.organisation.name)
    words = f'<a href="{credential.url}"><b>{name}</b></a><br>{issuer}'
    return (
        f'<table role="presentation" cellpadding="0" cellspacing="0"><tr><td>{picture_link(credential, size=64)}</td>'
        f'<td style="padding-left:12px;font-family:sans-serif;font-size:14px;line-height:20px">{words}</td></tr></table>'
    )


def embed_url(credential: Credential) -> str:
    """The small page that others may put into a frame of theirs."""
    return settings.PUBLIC_URL + reverse("embed", args=[credential.award.public_id])


def frame(credential: Credential, *, width: int = EMBED_WIDTH, height: int = EMBED_HEIGHT) -> str:
    """HTML of a frame with the badge and its verdict, which is checked whenever it is shown."""
    title = escape(f"{credential.award.version.name}, awarded by {credential.organisation.name}")
    sandbox = "allow-popups allow-popups-to-escape-sandbox"
    return (
        f'<iframe src="{embed_url(credential)}" width="{width}" height="{height}" title="{title}" '
        f'loading="lazy" sandbox="{sandbox}" style="border:0"></iframe>'
    )


def oembed_url(credential: Credential) -> str:
    """Where programs ask how to embed the award."""
    return f"{settings.PUBLIC_URL}{reverse('oembed')}?{urlencode({'url': credential.url})}"


def code_svg(url: str) -> bytes:
    """A QR code that holds exactly this address, with nothing added that would tell who scanned it. Level M: a seventh may be damaged."""
    import segno

    output = io.BytesIO()
    # With the quiet zone of four modules that ISO/IEC 18004 asks for.
    segno.make(url, error="m", micro=False).save(output, kind="svg", border=4, xmldecl=False, svgclass=None, lineclass=None, omitsize=True)
    return output.getvalue()
