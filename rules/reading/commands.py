"""The command that a text begins with."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

_COMMAND = re.compile(r"\s*/\s?([a-z_]{1,32}|\w{1,32}?)(?:@(\w+))?(?=\s|$|[:：,，])", re.IGNORECASE)
_GLUED = re.compile(r"\s*/([a-z_]{2,32})(?=[\u4e00-\u9fff])", re.IGNORECASE | re.ASCII)
_OF_RECORD = re.compile(r"(?:记录|编号|第|#)*\d{1,18}号?")
"""撤销记录12, 更正12: the command of a record, written without a gap."""
_PARTING = " \t\n:：,，"


@dataclass(frozen=True, slots=True)
class Said:
    """A command: its word, what followed it as typed, and whether another bot was meant."""

    name: str
    args: str
    addressed_to_other: bool = False


def split_command(text: str, bot_username: str, bare: Collection[str]) -> Said | None:
    """The command that a text begins with: /deduct, /deduct@bot, ／扣分, /deduct城关所, 扣分：…; None for other text.

    What follows is given as typed; only the command's own word is normalised.
    """
    start = len(text) - len(text.lstrip())
    slash = text[start : start + 1] in ("/", "／")
    if slash:
        head = "/" + unicodedata.normalize("NFKC", text[start + 1 : start + 80])
        match = _GLUED.match(head) or _COMMAND.match(head)
        if match is None:
            return None
        other = match.re is _COMMAND and match[2] is not None and match[2].casefold() != bot_username.casefold()
        # NFKC may change how many signs a text has; a command's word is of signs that stay one.
        return Said(match[1].casefold(), text[start + match.end() :].lstrip(_PARTING).rstrip(), other)
    stripped = text.strip()
    word = re.split(r"[\s:：,，]", unicodedata.normalize("NFKC", stripped), maxsplit=1)[0]
    if word not in bare:
        word = next(
            (name for name in bare if _OF_RECORD.fullmatch(word.removeprefix(name)) and word != name), ""
        )
        if not word or not stripped.startswith(word):
            return None
    return Said(word, stripped[len(word) :].lstrip(_PARTING))
