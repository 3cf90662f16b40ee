"""The JSON text of a document from its texts alone: the bytes that `strict_json.dump` gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

from hexmark.openbadges import strict_json
from hexmark.openbadges.guard import Document
from hexmark.openbadges.template.slots import PREFIX

_QUOTED = re.compile(rf'"{PREFIX}(\d+):"')
#: A text with its quotes and escapes, as `json.dumps(text, ensure_ascii=False)`, without what that costs around it.
quoted: Callable[[str], str] = encode_basestring


@dataclass(frozen=True, slots=True)
class JsonTemplate:
    """A JSON text with places."""

    format: str
    pick: Callable[[Sequence[str]], Any]

    @classmethod
    def of(cls, sketch: Document) -> JsonTemplate:
        """The template of a document whose slots are sentinels, at least one.

        A sentinel is a text of its own wherever it stands, because no other text holds its prefix.
        """
        text = strict_json.dump(sketch).decode()
        places = [int(number) for number in _QUOTED.findall(text)]
        return cls(_QUOTED.sub("%s", text.replace("%", "%%")), itemgetter(*places))

    def filled(self, texts: Sequence[str]) -> str:
        """The JSON text of the document that has these texts in its slots."""
        filled: str = self.format % self.pick([quoted(text) for text in texts])
        return filled
