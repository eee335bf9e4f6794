"""Writes small workbooks in the shapes that offices use, always the same bytes, and the list of what each one says.

Every day and period follows from one day (`when`), so that the same set can be made again for another quarter.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import openpyxl
from openpyxl.styles import Alignment, Font

NUMERALS = "零一二三四"


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class When:
    """A day, the quarter of assessment that runs on it, and the calendar that makes it so."""

    today: date

    @property
    def number(self) -> int:
        civil = (self.today.month - 1) // 3 + 1
        return 2 if civil == 1 and self.ago(75).year == self.year else civil

    @property
    def year(self) -> int:
        return self.today.year

    @property
    def quarter(self) -> str:
        """2026年第四季度"""
        return f"{self.year}年第{NUMERALS[self.number]}季度"

    @property
    def last_quarter(self) -> str:
        year, number = (self.year, self.number - 1) if self.number > 1 else (self.year - 1, 4)
        return f"{year}年第{NUMERALS[number]}季度"

    @property
    def old_quarter(self) -> str:
        """The quarter before the last one."""
        back = self.year * 4 + self.number - 1 - 2
        return f"{back // 4}年第{NUMERALS[back % 4 + 1]}季度"

    @property
    def until(self) -> date:
        """The deadline of the running quarter: so long the set holds."""
        return min(self.today + timedelta(days=31), date(self.year, 12, 31))

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def month(self, back: int = 0) -> tuple[int, int]:
        """The year and number of a civil month; `back` months before this one."""
        whole = self.today.year * 12 + self.today.month - 1 - back
        return whole // 12, whole % 12 + 1

    def deadlines(self, *, since: date | None = None) -> list[str]:
        """Four deadlines by which the quarter runs from `since`, the deadline before, to a month from now."""
        until = self.until
        since = since or self.today - timedelta(days=75)
        fixed = {self.number: until.timetuple().tm_yday}
        if self.number > 1:
            fixed[self.number - 1] = max(
                since.timetuple().tm_yday if since.year == self.year else 5, self.number
            )
        else:
            fixed[4] = since.timetuple().tm_yday
        days = []
        for number in range(1, 5):
            if number in fixed:
                days.append(fixed[number])
                continue
            below = max((d for n, d in fixed.items() if n < number), default=0)
            above = min((d for n, d in fixed.items() if n > number), default=365)
            low = max((n for n in fixed if n < number), default=0)
            high = min((n for n in fixed if n > number), default=5)
            days.append(below + (above - below) * (number - low) // (high - low))
        first = date(2025, 1, 1)  # month-days of a year without a 29th of February
        return [f"{d.month}-{d.day}" for d in (first + timedelta(days=n - 1) for n in days)]


def iso(day: date) -> str:
    return day.isoformat()


def serial(day: date) -> int:
    """Excel's number of a day."""
    return (day - date(1899, 12, 30)).days


def at_midnight(day: date) -> datetime:
    """The day as Excel keeps it."""
    return datetime.combine(day, time())


def cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def dots(day: date) -> str:
    return f"{day.year}.{day.month}.{day.day}"


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class F:
    """A formula; without a value it is one that no program has computed yet. A Decimal is kept with all its digits."""

    formula: str
    value: str | int | float | Decimal | None = None


@dataclass
class Err:
    """An error cell."""

    text: str = "#N/A"


@dataclass
class N:
    """A value with a number format."""

    value: object
    format: str = "General"


@dataclass
class Sheet:
    name: str
    rows: list[list]
    merge: list[str] = field(default_factory=list)
    title: str | None = None
    """A merged first row above the others."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    state: str = "visible"
    filter: str | None = None


def build(sheets: list[Sheet], *, inline: bool = False) -> bytes:
    """The workbook; its texts are kept apart as Excel and WPS do, or `inline` as programs that export do."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    values: list[F] = []
    for one in sheets:
        ws = book.create_sheet(one.name)
        ws.sheet_state = one.state
        rows = [list(r) for r in one.rows]
        if one.title is not None:
            width = max(len(r) for r in rows)
            rows.insert(0, [one.title])
            ws.merge_cells(start_row=1, start_column=1, end_row=1, end_column=max(2, width))
            ws.cell(1, 1).font = Font(name="方正小标宋简体", size=18, bold=True)
            ws.cell(1, 1).alignment = Alignment(horizontal="center", vertical="center")
        for y, row in enumerate(rows, start=1):
            for x, written in enumerate(row, start=1):
                if written is None or written == "":
                    continue
                cell = ws.cell(y, x)
                value, shape = (written.value, written.format) if isinstance(written, N) else (written, None)
                if isinstance(value, F) and value.value is None:
                    cell.value = value.formula
                elif isinstance(value, F):
                    values.append(value)
                    cell.value = 900_000_000 + len(values)
                elif isinstance(value, Err):
                    cell.value = value.text
                    cell.data_type = "e"
                elif isinstance(value, str):
                    cell.value = value
                    cell.data_type = "s"  # what begins with = is a text here
                    if "\n" in value:
                        cell.alignment = Alignment(wrap_text=True)
                else:
                    cell.value = value
                    if isinstance(value, (date, datetime)):
                        cell.number_format = "yyyy-mm-dd"
                if shape is not None:
                    cell.number_format = shape
        for area in one.merge:
            ws.merge_cells(area)
        for row in one.hidden_rows:
            ws.row_dimensions[row].hidden = True
        for column in one.hidden_columns:
            ws.column_dimensions[column].hidden = True
        if one.filter:
            ws.auto_filter.ref = one.filter
    book.active = next(i for i, one in enumerate(sheets) if one.state == "visible")
    book.properties.creator = "内勤"
    book.properties.created = book.properties.modified = datetime.combine(date(2026, 11, 30), time(9))
    out = io.BytesIO()
    book.save(out)
    done = repacked(out.getvalue(), lambda name, body: (name, _computed(name, body, values)))
    return done if inline else _shared(done)


def _shared(content: bytes) -> bytes:
    """The texts in xl/sharedStrings.xml, and numbers without a type, as Excel writes them."""
    texts: dict[str, int] = {}
    count = 0

    def cell(m: re.Match) -> str:
        nonlocal count
        count += 1
        return f'<c r="{m[1]}"{m[2] or ""} t="s"><v>{texts.setdefault(m[3], len(texts))}</v></c>'

    def sheet(name: str, body: bytes):
        if not name.startswith("xl/worksheets/"):
            return name, body
        text = re.sub(
            r'<c r="([A-Z]+\d+)"( s="\d+")? t="inlineStr"><is>(<t.*?</t>|<t ?/>)</is></c>',
            cell,
            body.decode(),
            flags=re.S,
        )
        return name, text.replace(' t="n">', ">").encode()

    content = repacked(content, sheet)
    items = "".join(f"<si>{text}</si>" for text in texts)
    strings = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main" count="{count}" uniqueCount="{len(texts)}">{items}</sst>'
    )
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"

    def known(name: str, body: bytes):
        if name == "[Content_Types].xml":
            part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
            return name, body.replace(b"</Types>", part)
        if name == "xl/_rels/workbook.xml.rels":
            link = (
                b'<Relationship Id="rIdTexts" Type="'
                + relation
                + b'" Target="sharedStrings.xml"/></Relationships>'
            )
            return name, body.replace(b"</Relationships>", link)
        return name, body

    return repacked(content, known, {"xl/sharedStrings.xml": strings.encode()})


def _computed(name: str, body: bytes, values: list[F]) -> bytes:
    """The computed formulas as Excel keeps them: the formula with its value."""
    if not values or not name.startswith("xl/worksheets/"):
        return body
    text = body.decode()
    for number, computed in enumerate(values, start=900_000_001):
        formula = computed.formula.removeprefix("=").replace("&", "&amp;").replace("<", "&lt;")
        kind = ' t="str"' if isinstance(computed.value, str) else ""
        place = rf'<c r="([A-Z]+\d+)"( s="\d+")?( t="n")?><v>{number}</v></c>'
        text = re.sub(place, rf'<c r="\g<1>"\g<2>{kind}><f>{formula}</f><v>{computed.value}</v></c>', text)
    return text.encode()


def repacked(
    content: bytes, change=lambda name, body: (name, body), more: dict[str, bytes] | None = None
) -> bytes:
    """The package with other names or bodies of its parts, and more of them; None leaves one out. Always the same bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.infolist():
            changed = change(part.filename, source.read(part))
            if changed is None:
                continue
            info = zipfile.ZipInfo(changed[0], (2026, 11, 30, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            body = changed[1]
            if part.filename == "docProps/core.xml":
                body = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-11-30T09:00:00Z", body)
            target.writestr(info, body)
        for name, body in (more or {}).items():
            info = zipfile.ZipInfo(name, (2026, 11, 30, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, body)
    return out.getvalue()


def backslashed(content: bytes) -> bytes:
    """As some programs on Windows pack it: parts named with backslashes."""
    return repacked(content, lambda n, b: (n if n == "[Content_Types].xml" else n.replace("/", "\\"), b))


def capital_workbook(content: bytes) -> bytes:
    """As another program does: xl/Workbook.xml."""

    def change(name: str, body: bytes):
        body = (
            body.replace(b"xl/workbook.xml", b"xl/Workbook.xml") if name.endswith((".rels", ".xml")) else body
        )
        return name.replace("xl/workbook.xml", "xl/Workbook.xml").replace(
            "workbook.xml.rels", "Workbook.xml.rels"
        ), body

    return repacked(content, change)


def at_root(content: bytes) -> bytes:
    """Without the folder xl: the parts lie at the root of the package."""

    def change(name: str, body: bytes):
        if name.endswith((".rels", ".xml")):
            body = body.replace(b'"/xl/', b'"/').replace(b'Target="xl/', b'Target="')
        return name.replace("xl/", ""), body

    return repacked(content, change)


def bare_cells(content: bytes) -> bytes:
    """Rows and cells that do not say where they are, and a dimension that is wrong."""

    def change(name: str, body: bytes):
        if name.startswith("xl/worksheets/"):
            body = re.sub(rb'<row r="\d+"', b"<row", re.sub(rb'<c r="[A-Z]+\d+"', b"<c", body))
            body = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1"/>', body)
        return name, body

    return repacked(content, change)


def read_aloud(content: bytes, texts: dict[str, str]) -> bytes:
    """Shared texts with how they are read above them, and in runs of two looks."""

    def change(name: str, body: bytes):
        if name == "xl/sharedStrings.xml":
            text = body.decode()
            for one, sound in texts.items():
                plain = "".join(f"&#{ord(sign)};" if ord(sign) > 127 else sign for sign in one)
                for form in (one, plain):
                    runs = (
                        f"<r><t>{one[:1]}</t></r><r><rPr><b/></rPr><t>{one[1:]}</t></r>"
                        f'<rPh sb="0" eb="{len(one)}"><t>{sound}</t></rPh><phoneticPr fontId="1"/>'
                    )
                    text = text.replace(f"<si><t>{form}</t></si>", f"<si>{runs}</si>")
            body = text.encode()
        return name, body

    return repacked(content, change)


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────
def at(cell: str, *heads: str) -> list[list[str]]:
    """What names a cell: B4 itself, or its row together with one of its column's heads."""
    row = re.sub(r"\D", "", cell)
    return [[cell, f"第{row}行"], [cell, *heads]]


def skipped(row: int, word: str = "合计|小计|共计") -> list[str]:
    """What tells that a row was left out: the word that stands in it, or its number."""
    return [f"re:(?<!应)({word})(?!100)", f"re:第{row}(行|[-–—~、,至到和])"]


def entry(unit: str, item: str, points, reason: str = "*", day: date | str = "*", **more) -> dict:
    day = day if isinstance(day, str) else iso(day)
    return {"unit": unit, "item": item, "points": str(points), "reason": reason, "day": day, **more}


def officer(
    name: str, number: str = "", duty: str = "", since: date | str = "*", until: date | str = ""
) -> dict:
    since, until = (d if isinstance(d, str) else iso(d) for d in (since, until))
    return {"name": name, "number": number, "duty": duty, "since": since, "until": until}


def result(name: str, mark: str = "", reason: str | None = None, **taken) -> dict:
    found = {"name": name, "taken": {item: str(points) for item, points in taken.items()}, "mark": mark}
    return found | ({"reason": reason} if reason else {})


def item(name: str, points, *aliases: str) -> dict:
    return {"name": name, "points": str(points), "aliases": list(aliases)}


def criterion(item: str, code: str, text: str, points="", per: str = "", max="", veto: bool = False) -> dict:
    return {
        "item": item,
        "code": code,
        "text": text,
        "points": str(points),
        "per": per,
        "max": str(max),
        "veto": veto,
    }


class Corpus:
    """Workbooks by name, each built when it is asked for, and the cases that tell what is right for each."""

    def __init__(self, when: When) -> None:
        self.when = when
        self.cases: list[dict] = []
        self._builders: dict[str, Callable[[], bytes]] = {}

    def write(self, name: str, sheets: list[Sheet], edit=None, inline: bool = False) -> None:
        """A workbook of that name; `edit` changes the finished package."""

        def built() -> bytes:
            content = build(sheets, inline=inline)
            return edit(content) if edit else content

        self._builders[name] = built

    def content(self, name: str) -> bytes:
        """The workbook of that name."""
        return self._builders[name]()

    def add(
        self, id: str, kind: str, what: str, sheets: list[Sheet], *, outcome: str, who: str, command: str,
        edit=None, inline: bool = False, suffix: str = "xlsx", **more,
    ) -> None:  # fmt: skip
        """One case with its workbook."""
        name = f"{id}.{suffix}"
        self.write(name, sheets, edit, inline)
        assert id not in {case["id"] for case in self.cases}, id
        head = {
            "id": id,
            "file": name,
            "kind": kind,
            "command": command,
            "who": who,
            "what": what,
            "outcome": outcome,
        }
        self.cases.append(
            head | {"says": []} | {key: value for key, value in more.items() if value is not None}
        )
