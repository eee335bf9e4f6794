"""The name under which a file is kept and sent: what the sender called it, made safe, with the extension of its kind."""

import re
import unicodedata

from documents.kinds import Media

LONGEST = 60
"""Characters before the extension."""
MOST_BYTES = 180

_UNNAMED = "文件"
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])", re.I)
"""What Windows takes for a device, whatever follows after a dot."""
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DOTS = str.maketrans(dict.fromkeys("\uff0e\u2024\ufe52", "."))
"""Signs that look like a dot."""
_LAST_EXTENSION = re.compile(r"\s*\.\s*[a-z][a-z0-9]{0,5}\s*$", re.I)
_OTHER_DOTS = re.compile(r"(?<!\d)\.|\.(?!\d)")
"""A dot that stands in no number such as 2.1."""


def extension_of(name: str) -> str:
    """The extension of a name as it came, in lower case; empty where it has none."""
    tail = visible(name).rstrip(" .").rpartition(".")
    return tail[2].strip().lower() if tail[1] else ""


def file_name(said: str, media: Media) -> str:
    """A name for a file of that kind that means nothing but itself, on any system."""
    stem = visible(said).replace("\\", "/").rpartition("/")[2]
    stem = _FORBIDDEN.sub("_", stem)
    stem = _LAST_EXTENSION.sub("", stem, count=1)
    # x.pdf     .scr: whatever its own extension was is said once, at the end.
    while stem.lower().rstrip(" .").endswith(f".{media.value}"):
        stem = stem.rstrip(" .")[: -len(media.value) - 1]
    stem = _OTHER_DOTS.sub("_", stem.strip(" ."))
    stem = _cut(" ".join(stem.split())).strip(" ._") or _UNNAMED
    if _RESERVED.fullmatch(stem.partition(".")[0].strip()):
        stem = f"_{stem}"
    return f"{stem}.{media.value}"


def visible(name: str) -> str:
    """A name without control and direction signs, and all that is not seen; blanks are plain ones."""
    signs = []
    for sign in unicodedata.normalize("NFC", name).translate(_DOTS):
        category = unicodedata.category(sign)
        if category.startswith("Z") or sign.isspace():
            signs.append(" ")
        elif not category.startswith("C"):
            signs.append(sign)
    return "".join(signs)


def _cut(stem: str) -> str:
    return stem[:LONGEST].encode()[:MOST_BYTES].decode(errors="ignore")
