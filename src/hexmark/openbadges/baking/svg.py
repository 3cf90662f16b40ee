"""A credential in an SVG: one element `openbadges:credential`, the first child of the root.

What a picture says, by what is in it (`ns` is https://purl.imsglobal.org/ob/v3p0):

| in the picture | answer |
|---|---|
| one `ns` credential, child of the root, a text in `verify`, no body | that text (a JWS) |
| the same, no `verify`, JSON as CDATA, as escaped text or as a mixture | the body, read once (what was escaped twice stays escaped once) |
| `verify`, and a body that is not only white space | BAKED_AMBIGUOUS |
| neither of them | BAKED_NOT_FOUND / EMPTY |
| elements inside the body | BAKED_NOT_FOUND / ELEMENTS |
| two or more `ns` credentials, wherever they stand | BAKED_AMBIGUOUS |
| one that is not a child of the root (in `defs`, `metadata`, `g`, …) | BAKED_NOT_FOUND / NOT_CHILD_OF_ROOT |
| `credential` in another namespace, or in none | BAKED_NOT_FOUND / WRONG_NAMESPACE |
| `<openbadges:credential …>` inside CDATA or a comment, which is no element | BAKED_NOT_FOUND |
| `assertion` in http://openbadges.org, alone (a badge of version 2) | as for a credential; `verify` may also be a link |
| the same with a link in `verify` and a body | the body; BAKED_AMBIGUOUS if its id is not the link |
| the same beside a credential | BAKED_AMBIGUOUS |

Source: Open Badges 3.0, 5.3.2; Open Badges Baking 2.0, "SVGs".
"""

import re

from hexmark.openbadges import strict_json
from hexmark.openbadges.baking import text
from hexmark.openbadges.baking.svg_scan import NAMESPACE, OPEN_BADGES_2_NAMESPACE, PREFIX, Badge, looks_like_svg, scan, tag_end
from hexmark.openbadges.errors import BakedError, FormatError

__all__ = ["bake", "looks_like_svg", "unbake"]

_DECLARATION = f' xmlns:{PREFIX}="{NAMESPACE}"'
#: XML 1.0 has no way to write these, JSON has: `\uXXXX`.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def bake(image: bytes, credential: str) -> bytes:
    """The SVG with the credential directly behind the start of its root, and no other badge in it; every other byte as it was.

    JSON that holds U+FFFE or U+FFFF, which XML cannot, gets them as `\\ufffe`: other bytes, the same document.

    Raises: see `hexmark.openbadges.baking.bake`.
    """
    text.encoded(credential)
    clean = _without_badges(image)
    root = scan(clean)
    name_end, end = tag_end(clean, root.root_start)
    # Where the root uses our prefix for something else (a badge of version 2), the element says itself what it means.
    bound = root.prefixes.get(PREFIX)
    on_root = _DECLARATION if bound is None else ""
    on_element = _DECLARATION if bound not in (None, NAMESPACE) else ""
    element = _element(credential, on_element).encode()
    tag = clean[name_end:end]
    if tag.endswith(b"/>"):
        name = clean[root.root_start + 1 : name_end]
        tag, element = tag[:-2] + b">", element + b"</" + name + b">"
    return clean[:name_end] + on_root.encode() + tag + element + clean[end:]


def unbake(image: bytes) -> str:
    """The one credential in the SVG.

    Raises: see `hexmark.openbadges.baking.unbake`.
    """
    found = scan(image)
    if len(found.badges) > 1:
        raise BakedError("There is more than one badge in this picture, and programs differ in which they read.", code="BAKED_AMBIGUOUS")
    if not found.badges:
        detail = "WRONG_NAMESPACE" if found.has_stray_credential else None
        raise BakedError("There is no badge in this picture.", detail=detail)
    badge = found.badges[0]
    return _content(badge)


def _content(badge: Badge) -> str:
    if badge.parents != 1:
        raise BakedError("The badge stands deep inside the picture, where none belongs.", detail="NOT_CHILD_OF_ROOT")
    if badge.has_elements:
        raise BakedError("The badge in this picture is mixed with XML elements.", detail="ELEMENTS")
    body = badge.text
    has_body = bool(body.strip(" \t\r\n"))
    if badge.verify and has_body and not _is_own_link(badge, body):
        raise BakedError("The picture holds its badge twice, and the two may differ.", code="BAKED_AMBIGUOUS")
    if not badge.verify and not has_body:
        raise BakedError("The place for the badge in this picture is empty.", detail="EMPTY")
    content = body if has_body else badge.verify or ""
    text.require_length(len(content.encode()))
    return content


def _is_own_link(badge: Badge, body: str) -> bool:
    """Whether a badge of version 2 names in `verify` the very address that its body names as its own."""
    if not badge.name.startswith(f"{OPEN_BADGES_2_NAMESPACE} "):
        return False
    text.require_length(len(body.encode()))
    try:
        return strict_json.parse(body.strip()).get("id") == badge.verify
    except FormatError:
        return False


def _without_badges(image: bytes) -> bytes:
    """The picture without any badge. A badge inside another one goes with it."""
    kept, position = [], 0
    for badge in scan(image).badges:
        if badge.start >= position:
            kept.append(image[position : badge.start])
            position = badge.end
    return b"".join([*kept, image[position:]])


def _element(credential: str, declaration: str) -> str:
    name = f"{PREFIX}:credential"
    if text.is_jws(credential):
        return f'<{name}{declaration} verify="{credential}"></{name}>'
    body = _NOT_IN_XML.sub(lambda character: f"\\u{ord(character[0]):04x}", credential)
    # CDATA ends at its first "]]>", and XML makes a line feed of every carriage return that is not written as a number.
    body = body.replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    return f"<{name}{declaration}><![CDATA[{body}]]></{name}>"
