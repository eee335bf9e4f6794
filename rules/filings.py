"""Documents that must be filed each year (备案, R10): which, by whom, and where each stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rules.bureau import Bureau, Unit
from rules.methods import Verdict


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
