"""What calamine does not tell of a sheet: what is hidden or struck through, formulas without a value, errors, formats.

An .xlsx is a zip of XML. Only the reading process opens it here, after the zip's directory was looked at.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

Attributes = dict[str, str]

BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
"""The numbered formats of plain numbers that a workbook does not spell out."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a cell's style says: the format code of plain numbers, empty where it says nothing of them, and the font's strike."""

    code: str = ""
    struck: bool = False


@dataclass(slots=True)
class Runs:
    """How a text of several looks is struck through: which of its runs are, are not, or look as their cell does."""

    struck: bool = False
    plain: bool = False
    as_cell: bool = False

    def strikes(self, cell: bool) -> tuple[bool, bool]:
        """Whether any of it is struck through, and whether any is not, where the cell's font is or is not."""
        return self.struck or (self.as_cell and cell), self.plain or (self.as_cell and not cell)


class Unsound(Exception):
    """The package is not put together as a workbook is."""


@dataclass(slots=True)
class Marks:
    """A sheet's marks; rows and columns count from 1."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """From the first to the last column, both included."""
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    errors: set[tuple[int, int]] = field(default_factory=set)
    struck: set[tuple[int, int]] = field(default_factory=set)
    """Cells that are struck through from end to end."""
    struck_in_part: set[tuple[int, int]] = field(default_factory=set)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    """Format codes of numbers, where there is one."""
    rows: int = 0
    """How many rows hold a value."""
    last_row: int = 0
    last_column: int = 0


class Package:
    """The parts of a workbook, found by the names that programs give them: with \\ or /, in other letters, at the root."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._members = {_part(info.filename): info for info in self._zip.infolist()}
        self._workbook = self._find_workbook()
        self._sheets = self._find_sheets()
        self._styles = self._read_styles()
        self._texts = self._read_texts()

    def marks(self, sheet: str) -> Marks:
        """The marks of the sheet of that name. Unsound."""
        if sheet not in self._sheets:
            raise Unsound(sheet)
        scanner = _Scanner(self._styles, self._texts)
        self._parse(self._sheets[sheet], scanner.start, scanner.end, scanner.text)
        return scanner.marks

    def _find_workbook(self) -> str:
        for kind, target in self._relations("").values():
            if kind.endswith("/officedocument") and _part(target) in self._members:
                return _part(target)
        found = [name for name in self._members if posixpath.basename(name) == "workbook.xml"]
        if not found:
            raise Unsound("no workbook")
        return found[0]

    def _find_sheets(self) -> dict[str, str]:
        """The part of each sheet by its name."""
        relations = self._relations(self._workbook)
        sheets: dict[str, str] = {}

        def start(name: str, attributes: Attributes) -> None:
            if name == "sheet":
                id_ = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                sheets[attributes.get("name", "")] = _part(relations.get(id_, ("", ""))[1])

        self._parse(self._workbook, start)
        return {name: part for name, part in sheets.items() if part in self._members}

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The kind, in small letters, and the target of each relation of a part by its id."""
        folder, name = posixpath.split(part)
        relations: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship":
                target = attributes.get("Target", "").replace("\\", "/")
                whole = target if target.startswith("/") else posixpath.join(folder, target)
                relations[attributes.get("Id", "")] = attributes.get("Type", "").casefold(), whole

        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels in self._members:
            self._parse(rels, start)
        return relations

    def _related(self, kind: str) -> str:
        """The workbook's part of that kind; empty where it has none."""
        relations = self._relations(self._workbook).values()
        part = next((_part(target) for name, target in relations if name.endswith(f"/{kind}")), "")
        return part if part in self._members else ""

    def _read_styles(self) -> list[Style]:
        """Each style by its number."""
        part = self._related("styles")
        codes = dict(BUILT_IN)
        fonts: list[bool] = []
        styles: list[Style] = []
        inside: list[str] = []

        def start(name: str, attributes: Attributes) -> None:
            inside.append(name)
            if name == "numFmt":
                codes[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
            elif name == "font" and "fonts" in inside:
                fonts.append(False)
            elif name == "strike" and "fonts" in inside:
                fonts[-1] = _is_on(attributes)
            elif name == "xf" and "cellXfs" in inside:
                font = int(attributes.get("fontId", 0))
                code = codes.get(int(attributes.get("numFmtId", 0)), "")
                styles.append(Style(code, font < len(fonts) and fonts[font]))

        if part:
            self._parse(part, start, inside.remove)
        return styles

    def _read_texts(self) -> dict[int, Runs]:
        """The shared texts of several looks by their number; none where nothing in the workbook is struck through."""
        part = self._related("sharedstrings")
        # Hardly a workbook strikes anything through: the texts, which may be many, are gone through only then.
        if not part or not (
            any(style.struck for style in self._styles) or b"strike" in self._zip.read(self._members[part])
        ):
            return {}
        texts: dict[int, Runs] = {}
        looks = _Looks()
        count = 0

        def end(name: str) -> None:
            nonlocal count
            looks.end(name)
            if name == "si":
                if looks.runs is not None:
                    texts[count] = looks.runs
                count += 1

        self._parse(part, looks.start, end, looks.text)
        return texts

    def _parse(
        self,
        part: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] = lambda name: None,
        text: Callable[[str], None] = lambda text: None,
    ) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        with self._zip.open(self._members[part]) as source:
            parser.ParseFile(source)


def _refuse_doctype(*_: object) -> None:
    raise Unsound("a workbook declares no document type")


def _part(name: str) -> str:
    """A member's name as it is looked for."""
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").casefold()


def _is_on(attributes: Attributes) -> bool:
    """Whether a mark such as <strike/> is set: it is, unless it says otherwise."""
    return attributes.get("val", "1") not in {"0", "false"}


class _Looks:
    """Notes of a text, shared or inside its cell, which of its runs are struck through."""

    def __init__(self) -> None:
        self.runs: Runs | None = None
        """None where the text has one look."""
        self._struck: bool | None = None
        self._in_run = self._reading = False

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if name in {"si", "is"}:
            self.runs = None
        elif name == "r":
            self._in_run, self._struck = True, None
        elif name == "rPr" and self._in_run:
            self._struck = False
        elif name == "strike" and self._in_run:
            self._struck = _is_on(attributes)
        elif name == "t":
            self._reading = True

    def text(self, text: str) -> None:
        """What stands between the tags."""
        if self._in_run and self._reading and text.strip():
            self.runs = self.runs or Runs()
            self.runs.struck |= self._struck is True
            self.runs.plain |= self._struck is False
            self.runs.as_cell |= self._struck is None

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "t":
            self._reading = False
        elif name == "r":
            self._in_run = False


class _Scanner:
    """Goes through a sheet's XML once."""

    def __init__(self, styles: list[Style], texts: dict[int, Runs]) -> None:
        self.marks = Marks()
        self._styles, self._texts = styles, texts
        self._looks = _Looks()
        self._content = ""
        self._row = self._column = 0
        self._counted = 0
        self._type = self._style = ""
        self._formula = self._value = self._reading = False

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        self._looks.start(name, attributes)
        if name == "c":
            self._begin_cell(attributes)
        elif name == "f":
            self._formula = True
        elif name in {"v", "t"}:
            self._reading = True
            # The text of a computed formula may be empty: that is its value.
            self._value = self._value or (name == "v" and self._type == "str")
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if _is_hidden(attributes, "ht"):
                self.marks.hidden_rows.add(self._row)
        elif name == "col" and _is_hidden(attributes, "width"):
            self.marks.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))

    def _begin_cell(self, attributes: Attributes) -> None:
        place = re.fullmatch(r"([A-Z]{1,3})(\d+)", attributes.get("r", ""))
        if place is None:
            self._column += 1
        else:
            self._column = 0
            for letter in place[1]:
                self._column = self._column * 26 + ord(letter) - ord("A") + 1
            self._row = int(place[2])
        self._type, self._style = attributes.get("t", ""), attributes.get("s", "")
        self._formula = self._value = self._reading = False
        self._content, self._looks.runs = "", None

    def text(self, text: str) -> None:
        """What stands between the tags."""
        self._looks.text(text)
        if self._reading and text.strip():
            self._value = True
            self._content += text

    def end(self, name: str) -> None:
        """An element ends."""
        self._looks.end(name)
        if name in {"v", "t"}:
            self._reading = False
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        place, marks = (self._row, self._column), self.marks
        if not self._value and not self._formula:
            return
        if self._row != self._counted:
            self._counted = self._row
            marks.rows += 1
        marks.last_row, marks.last_column = max(marks.last_row, self._row), max(marks.last_column, self._column)
        style = self._style_of_cell()
        if self._type == "e":
            marks.errors.add(place)
        elif not self._value:
            marks.uncomputed.add(place)
        elif self._type in {"", "n"} and style.code:
            marks.formats[place] = style.code
        self._note_strike(place, style)

    def _style_of_cell(self) -> Style:
        known = self._style.isdecimal() and int(self._style) < len(self._styles)
        return self._styles[int(self._style)] if known else Style()

    def _note_strike(self, place: tuple[int, int], style: Style) -> None:
        runs = self._looks.runs
        if self._type == "s" and self._texts and self._content.isdecimal():
            runs = self._texts.get(int(self._content))
        struck, plain = runs.strikes(style.struck) if runs is not None else (style.struck, not style.struck)
        if struck:
            (self.marks.struck_in_part if plain else self.marks.struck).add(place)


def _is_hidden(attributes: Attributes, size: str) -> bool:
    """Whether a row or a column is hidden, or has no height or width."""
    return attributes.get("hidden") in {"1", "true"} or float(attributes.get(size) or 1) == 0
