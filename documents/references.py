"""What a document refers to elsewhere: addresses, the fields of texts, the formulas of sheets. Unfit for what acts or fetches."""

import re
from urllib.parse import urlsplit

from documents.kinds import Unfit, UnfitKind

LINKS = frozenset({"", "http", "https", "mailto", "tel", "ftp"})
"""What an address to click on may begin with: it leads to a page or a mailbox, not to a file or a script."""

_FIELDS = frozenset({
    "DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK", "RD", "DATABASE", "MACROBUTTON",
    "QUOTE", "CONTROL", "HTMLCONTROL", "PRINT",
})  # fmt: skip
"""Fields of a Word document that fetch, or run, what lies elsewhere."""
_FIELD = re.compile(r"[\W\d_]*([a-z]+)(.*)", re.I | re.S)
"""A field's name, which a blank need not follow, and the rest."""
_WORD = re.compile(r'"([^"]*)"|“([^”]*)”|(\\[a-z*@#!])|([^\s"“]+)', re.I)
_WITH_VALUE = frozenset({"\\l", "\\o", "\\t"})
"""Switches of a link that something follows which is no address: a bookmark, a note, a window."""

_IN_QUOTES = re.compile(r"""\"[^"]*"|'[^']*'""")
_FETCHING = re.compile(
    r"(?<![\w.])(?:_xl\w*\.)*(?:WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|DDE)\s*\(", re.I
)
"""Functions of a sheet that fetch, or run, what lies elsewhere."""
_LINKING = re.compile(r'HYPERLINK\s*\(\s*"([^"]*)"', re.I)
_ON_A_HOST = re.compile(r"['\[]\\\\")
"""A reference into a workbook on another computer."""


def check_link(target: str, schemes: frozenset[str] = LINKS) -> None:
    """An address of one of these schemes; none of a file on another computer. Unfit."""
    target = "".join(sign for sign in target if sign > " ").replace("\\", "/")
    try:
        parts = urlsplit(target)
    except ValueError:
        raise Unfit(UnfitKind.EXTERNAL) from None
    on_a_host = target.startswith("//") or (
        parts.scheme == "file" and not re.match(r"file:/*[a-z]:/", target, re.I)
    )
    if parts.scheme.lower() not in schemes or on_a_host:
        raise Unfit(UnfitKind.EXTERNAL)


def check_field(code: str) -> None:
    """A field of a Word document, as it is written between its braces. Unfit."""
    field = _FIELD.match(code)
    if field is None:
        return
    if field[1].upper() in _FIELDS:
        raise Unfit(UnfitKind.EXTERNAL)
    if field[1].upper() != "HYPERLINK":
        return
    words = iter(_WORD.finditer(field[2]))
    for word in words:
        if word[3] is None:
            check_link(next(part for part in word.groups() if part is not None))
        elif word[3].lower() in _WITH_VALUE:
            next(words, None)


def check_formula(formula: str) -> None:
    """A formula of a sheet. Unfit."""
    bare = _IN_QUOTES.sub("", formula)
    # A bar is no operator: it leads to another program.
    if "|" in bare or _FETCHING.search(bare) or _ON_A_HOST.search(formula):
        raise Unfit(UnfitKind.EXTERNAL)
    for link in _LINKING.finditer(formula):
        check_link(link[1])
