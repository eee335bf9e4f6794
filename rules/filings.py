"""Documents that must be filed each year (备案, R10): which, by whom, and where each stands."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules.bureau import Bureau, Unit
from rules.methods import Verdict
from rules.names import Match, Named, Names, Unknown, normalised
from rules.refusals import NotAFilingYear, Superseded, UnknownName


@dataclass(frozen=True, slots=True)
class FilingKind:
    """A document to file each year: by the office itself, by named units, or by every unit of some categories."""

    code: str
    title: str
    """With {year} where the year stands in it."""
    by_office: bool = False
    units: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def titled(self, year: int) -> str:
        """The document's title of a year."""
        return self.title.replace("{year}", str(year))


@dataclass(frozen=True, slots=True)
class Filed:
    """One version of a document. `unit` None: the office's own. Moments are UTC."""

    id: int
    kind: str
    unit: str | None
    year: int
    version: int
    evidence: int
    """The id of the kept file."""
    name: str
    """The file's own name."""
    by: str
    at: datetime
    verdict: Verdict = Verdict.WAITING
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """A document that somebody must file in a year; with its newest version, if there is one."""

    kind: FilingKind
    unit: Unit | None
    newest: Filed | None = None

    @property
    def place(self) -> tuple[str, str | None]:
        """The kind's code and the unit's: what a version is filed under in a year."""
        return self.kind.code, self.unit.code if self.unit is not None else None

    @property
    def verdict(self) -> Verdict | None:
        """What the office said of the newest version; None where nothing was filed."""
        return self.newest.verdict if self.newest is not None else None

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do for who files it: it waits for the office, or was accepted."""
        return self.newest is not None and self.newest.verdict is not Verdict.RETURNED


def owed(kinds: Iterable[FilingKind], bureau: Bureau, filed: Iterable[Filed]) -> tuple[Owed, ...]:
    """Everything that must be filed in a year, in the config's order, with what was filed of it in that year."""
    newest = {(one.kind, one.unit): one for one in sorted(filed, key=lambda one: one.version)}
    found = []
    for kind in kinds:
        units: list[Unit | None] = [None] if kind.by_office else []
        units += [u for u in bureau.units if u.code in kind.units or u.category in kind.categories]
        found += [Owed(kind, unit, newest.get((kind.code, unit.code if unit else None))) for unit in units]
    return tuple(found)


def due_date(year: int, month_day: tuple[int, int]) -> date:
    """The day by which a year's documents are due."""
    return date(year, *month_day)


@dataclass(frozen=True, slots=True)
class Asked:
    """What /file says: a document's name, empty where it names none, and the year."""

    name: str
    year: int


_YEAR = re.compile(r"(\d{4})(?:年度?)?", re.ASCII)
_YEAR_IN_TITLE = re.compile(r"(20\d\d)年度", re.ASCII)


def check_year(year: int, this_year: int) -> int:
    """The year, if documents are filed for it in the civil year that runs: it and the next. NotAFilingYear."""
    years = (this_year, this_year + 1)
    if year not in years:
        raise NotAFilingYear(str(year), years)
    return year


def read_asked(text: str, this_year: int) -> Asked:
    """民警业务考核细则 2027, or a whole title that has its year in it; without a year the civil year that runs.

    NotAFilingYear.
    """
    kept, year = [], None
    for word in unicodedata.normalize("NFKC", text).split():
        match = _YEAR.fullmatch(word) if year is None else None
        if match is None:
            kept.append(word)
        else:
            year = int(match[1])
    name = " ".join(kept)
    within = _YEAR_IN_TITLE.search(name)
    if year is None and within is not None:
        year = int(within[1])
    return Asked(name, check_year(this_year if year is None else year, this_year))


def read_year(text: str, this_year: int) -> int:
    """The year of /filings: any that is no later than the next one; without one the civil year that runs. NotAFilingYear."""
    word = unicodedata.normalize("NFKC", text).strip()
    match = _YEAR.fullmatch(word)
    year = int(match[1]) if match is not None else this_year
    if (word and match is None) or not 2000 <= year <= this_year + 1:
        raise NotAFilingYear(text.strip(), (this_year, this_year + 1))
    return year


def named(found: Sequence[Owed], name: str, year: int) -> tuple[Owed, ...]:
    """Those of a year's documents that a name may mean, by any part of their titles; all for an empty name. UnknownName."""
    if not name:
        return tuple(found)
    titles = {one.kind.code: one.kind.titled(year) for one in found}
    same = [code for code, title in titles.items() if normalised(title) == normalised(name)]
    hit = Names(Named(code, title) for code, title in titles.items()).find(name)
    if same:
        codes: tuple[str, ...] = tuple(same)
    elif isinstance(hit, Unknown):
        raise UnknownName("备案文件", name, tuple(titles[code] for code in hit.suggestions or tuple(titles)))
    else:
        codes = (hit.value,) if isinstance(hit, Match) else hit.candidates
    return tuple(one for one in found if one.kind.code in codes)


DOCUMENTS = frozenset({"PDF", "DOCX", "XLSX", "DOC", "XLS"})
"""The kinds of file that are filed, as their content shows."""


def is_document(media: str) -> bool:
    """Whether a file of such content is a PDF, a Word document or an Excel workbook."""
    return media in DOCUMENTS


def check_newest(filed: Filed, versions: Iterable[Filed]) -> None:
    """Refuse a decision on a version that a newer one of these has taken the place of: Superseded."""
    newest = max((one.version for one in versions), default=filed.version)
    if newest > filed.version:
        raise Superseded(filed.version, newest)


def with_verdict(found: Iterable[Owed], *verdicts: Verdict | None) -> tuple[Owed, ...]:
    """Those whose newest version has one of these verdicts; None: nothing was filed."""
    return tuple(one for one in found if one.verdict in verdicts)
