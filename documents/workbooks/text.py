"""A person's text as a cell or a line takes it: it says what it says, and is never a formula."""

import re

LONGEST = 32_767
"""Characters that a cell of Excel holds."""

_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with, the full-width signs too."""


def cell(text: str) -> str:
    """The text without what a workbook cannot hold: control signs and halves of signs become �, line ends one sign."""
    clean = _REFUSED.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"


def harmless(text: str) -> str:
    """The text for a CSV: what a spreadsheet would take for a formula gets a ' in front."""
    return f"'{text}" if text.startswith(_RISKY) else text
