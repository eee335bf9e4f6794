"""What the words with a file say of the record that it is evidence of (R11)."""

import re
import unicodedata

_NAMED = re.compile(
    r"(?:这?是|作为?|附[到在]|归到|补充?|给)?\s*(?:(?:记录|编号|第|#|no\.?|№)\s*)*(\d{1,18})\s*(?:号|条|笔)?\s*(?:记录)?"
    r"\s*的?\s*(?:证据|照片|图片|材料|文件)?[\s。.!！]*",
    re.IGNORECASE,
)
_MENTIONED = re.compile(r"(?:记录|#)\s*(\d{1,18})")


def record_named(text: str) -> int | None:
    """The number of the record that a text names and nothing else: 12, #12, 记录12, 记录 12 的证据."""
    match = _NAMED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(match[1]) if match is not None else None


def is_bare(text: str) -> bool:
    """Whether a text is a number alone, which may be the answer to another question."""
    return unicodedata.normalize("NFKC", text).strip().isdecimal()


def records_mentioned(text: str) -> tuple[int, ...]:
    """The numbers of the records that a text speaks of, each once, in its order."""
    return tuple(dict.fromkeys(int(number) for number in _MENTIONED.findall(text)))
