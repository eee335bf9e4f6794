"""The tables of config.toml, and the bureau that they make up."""

from datetime import time
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config.fields import (
    WHOLE,
    BandScore,
    Code,
    Copies,
    CriterionCode,
    CriterionPoints,
    CriterionText,
    DatabaseUrl,
    DayOfMonth,
    Days,
    DaysAfter,
    DaysBefore,
    DaysOrNone,
    Deadline,
    Deadlines,
    Factor,
    Hours,
    Listen,
    Loopback,
    Name,
    Points,
    ShortName,
    ShortWord,
    TelegramId,
    TimeOfDay,
    Title,
    Token,
    Web,
    YearNumber,
    Zone,
    month_day,
)
from bot.ops.ends_folder import folder_of
from rules.bureau import Bureau, Group, Sequence, Unit
from rules.calendar import Calendar
from rules.filings import FilingKind
from rules.methods import CommonPart
from rules.officers import Duties
from rules.policy import NO_LEADS, Band, Guard, Policy
from rules.reminders import Schedule
from rules.scheme import Criterion, Item, Scheme

PREFIX = "KAOPING_"
BETWEEN = "__"


class Section(BaseModel):
    """A table of the file: a key that is not known is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class BureauSection(Section):
    """[bureau]"""

    name: Name
    timezone: Zone = "Asia/Shanghai"


class TelegramSection(Section):
    """[telegram]; an address may hold a password and is kept out of the repr like the token."""

    token: Token = SecretStr("")
    base_url: Web = ""
    base_file_url: Web = ""
    proxy_url: Web = Field(default="", repr=False)
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: Web = ""
    webhook_listen: Listen = "127.0.0.1:8080"
    webhook_secret: SecretStr = SecretStr("")


class DatabaseSection(Section):
    """[database]"""

    url: DatabaseUrl = Field(default="sqlite+aiosqlite:///data/kaoping.db", repr=False)


class PeopleSection(Section):
    """[people]"""

    admins: tuple[TelegramId, ...] = ()


class CalendarQuarterSection(Section):
    """[[calendar.quarter]], the first of them the first quarter's"""

    deadline: Deadline | None = None
    lead: Name | None = None


class CalendarSection(Section):
    """[calendar]"""

    quarter_deadlines: Deadlines = ("3-15", "6-15", "9-15", "12-1")
    monthly_day: DayOfMonth = 5
    remind_days: DaysBefore = (14, 7, 3, 1, 0)
    escalate_days: DaysAfter = (1, 5)
    remind_at: TimeOfDay = "09:00"
    quarter: tuple[CalendarQuarterSection, ...] = ()

    @property
    def deadlines(self) -> tuple[str, ...]:
        """The four deadlines: of each quarter its own where it states one."""
        own = {index: quarter.deadline for index, quarter in enumerate(self.quarter) if quarter.deadline}
        return tuple(own.get(index, day) for index, day in enumerate(self.quarter_deadlines))


class BandSection(Section):
    """[[band]]"""

    name: ShortName
    at_least: BandScore


class OfficerItemSection(Section):
    """[[officer_method.item]]"""

    name: Name
    points: Points
    aliases: tuple[Name, ...] = ()


class OfficerMethodSection(Section):
    """[[officer_method]]"""

    categories: tuple[Name, ...] = Field(min_length=1)
    years: tuple[YearNumber, ...] = ()
    item: tuple[OfficerItemSection, ...] = Field(min_length=1)


class CoefficientSection(Section):
    """[[officers.coefficient]]"""

    name: ShortWord
    factor: Factor


class OfficersSection(Section):
    """[officers]"""

    absences: tuple[ShortWord, ...] = ("休假", "借调")
    coefficient: tuple[CoefficientSection, ...] = ()


class FilingsSection(Section):
    """[filings]"""

    due: Deadline = "1-31"


class FilingSection(Section):
    """[[filing]]: filed by the office, by the named units, or by every unit of the categories"""

    code: Code
    title: Title
    by: Literal["office"] | None = None
    units: tuple[Code, ...] = ()
    categories: tuple[Name, ...] = ()


class GroupSection(Section):
    """[[group]]"""

    name: Name
    categories: tuple[Name, ...] = Field(min_length=1)


class CriterionSection(Section):
    """[[category.item.criterion]]"""

    code: CriterionCode
    text: CriterionText
    points: CriterionPoints = None
    per: ShortName = ""
    max: Points | None = None
    veto: bool = False


class ItemSection(Section):
    """[[category.item]]"""

    name: Name
    points: Points
    aliases: tuple[Name, ...] = ()
    criterion: tuple[CriterionSection, ...] = ()


class CategorySection(Section):
    """[[category]]"""

    name: Name
    years: tuple[YearNumber, ...] = ()
    item: tuple[ItemSection, ...] = Field(min_length=1)


class SequenceSection(Section):
    """[[sequence]]"""

    name: Name
    aliases: tuple[Name, ...] = ()


class UnitSection(Section):
    """[[unit]]"""

    code: Code
    name: Name
    aliases: tuple[Name, ...] = ()
    category: Name
    sequence: Name


class CorrectionsSection(Section):
    """[corrections]"""

    approve_from: Points = Decimal(5)
    same_within_days: DaysOrNone = 7


class AppealsSection(Section):
    """[appeals]"""

    days: Days = 3


class NoticesSection(Section):
    """[notices]"""

    digest_at: TimeOfDay = "17:30"


class TraceSection(Section):
    """[trace]"""

    head_at: TimeOfDay = "18:00"


class GuardSection(Section):
    """[guard]"""

    private_numbers: Literal["refuse", "mask", "allow"] = "refuse"


class EvidenceSection(Section):
    """[evidence]"""

    folder: str = ""


class BulletinSection(Section):
    """[bulletin]"""

    template: str = ""


class RetentionSection(Section):
    """[retention]"""

    inbox_days: Days = 1
    dead_days: Days = 30
    draft_days: Days = 30
    sent_days: Days = 90


class BackupSection(Section):
    """[backup]; `every` counts hours, 0 leaves it to whoever calls `python -m bot backup`"""

    folder: str = ""
    every: Hours = 0
    keep: Copies = 14
    seals: str = ""


class OpsSection(Section):
    """[ops]"""

    listen: Loopback = ""


class RankingSection(Section):
    """[ranking]"""

    single_items: bool = True


class LoggingSection(Section):
    """[logging]"""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Config(BaseSettings):
    """The whole config, as `load` makes it from the file and the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=BETWEEN, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    bureau: BureauSection
    telegram: TelegramSection = TelegramSection()
    database: DatabaseSection = DatabaseSection()
    people: PeopleSection = PeopleSection()
    calendar: CalendarSection = CalendarSection()
    group: tuple[GroupSection, ...] = Field(min_length=1)
    band: tuple[BandSection, ...] = ()
    officers: OfficersSection = OfficersSection()
    officer_method: tuple[OfficerMethodSection, ...] = ()
    filings: FilingsSection = FilingsSection()
    filing: tuple[FilingSection, ...] = ()
    category: tuple[CategorySection, ...] = ()
    sequence: tuple[SequenceSection, ...] = Field(min_length=1)
    unit: tuple[UnitSection, ...] = Field(min_length=1)
    corrections: CorrectionsSection = CorrectionsSection()
    appeals: AppealsSection = AppealsSection()
    notices: NoticesSection = NoticesSection()
    trace: TraceSection = TraceSection()
    guard: GuardSection = GuardSection()
    evidence: EvidenceSection = EvidenceSection()
    bulletin: BulletinSection = BulletinSection()
    retention: RetentionSection = RetentionSection()
    backup: BackupSection = BackupSection()
    ops: OpsSection = OpsSection()
    logging: LoggingSection = LoggingSection()
    ranking: RankingSection = RankingSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` hands over: it has laid the environment over the file already."""
        return (init_settings,)

    @cached_property
    def organisation(self) -> Bureau:
        """The bureau as the rules see it."""
        return Bureau(
            name=self.bureau.name,
            calendar=Calendar(
                ZoneInfo(self.bureau.timezone),
                tuple(month_day(day) for day in self.calendar.deadlines),
            ),
            groups=tuple(Group(group.name, group.categories) for group in self.group),
            schemes=tuple(_scheme(category) for category in self.category),
            sequences=tuple(Sequence(sequence.name, sequence.aliases) for sequence in self.sequence),
            units=tuple(Unit(u.code, u.name, u.category, u.sequence, u.aliases) for u in self.unit),
        )

    @property
    def evidence_folder(self) -> Path:
        """Where evidence lies: as configured, else beside the database's file, else under data/."""
        if self.evidence.folder:
            return Path(self.evidence.folder)
        prefix, _, file = self.database.url.partition(":///")
        return Path(file).parent / "evidence" if prefix.startswith("sqlite") else Path("data/evidence")

    @property
    def backup_folder(self) -> Path:
        """Where backups are put by the clock: as configured, else beside the database's file, else under data/."""
        if self.backup.folder:
            return Path(self.backup.folder)
        prefix, _, file = self.database.url.partition(":///")
        return Path(file).parent / "backups" if prefix.startswith("sqlite") else Path("data/backups")

    @property
    def ends_folder(self) -> Path:
        """Where the ends of the chains are remembered outside the database: as configured, else among the backups."""
        if self.backup.seals:
            return Path(self.backup.seals)
        shared = self.shared_ends_folder
        return self.backup_folder / "seals" if shared is None else folder_of(shared, self.database.url)

    @property
    def shared_ends_folder(self) -> Path | None:
        """The folder in which each database on a server has one of its own for the ends of its chains; None where it is not so."""
        if self.backup.seals or self.database.url.startswith("sqlite"):
            return None
        return self.backup_folder / "seals"

    @cached_property
    def policy(self) -> Policy:
        """What is decided by config, as the rules see it."""
        return Policy(
            approve_from=self.corrections.approve_from,
            same_within_days=self.corrections.same_within_days,
            appeal_days=self.appeals.days,
            digest_at=time.fromisoformat(self.notices.digest_at),
            head_at=time.fromisoformat(self.trace.head_at),
            guard=Guard(self.guard.private_numbers),
            schedule=Schedule(
                remind_days=self.calendar.remind_days,
                escalate_days=self.calendar.escalate_days,
                monthly_day=self.calendar.monthly_day,
                remind_at=time.fromisoformat(self.calendar.remind_at),
                filings_due=month_day(self.filings.due),
            ),
            leads=tuple(quarter.lead or "" for quarter in self.calendar.quarter) or NO_LEADS,
            bands=tuple(
                Band(band.name, band.at_least) for band in sorted(self.band, key=lambda band: -band.at_least)
            ),
            common_parts=tuple(
                CommonPart(
                    part.categories,
                    tuple(Item(item.name, item.points, item.aliases) for item in part.item),
                    frozenset(part.years),
                )
                for part in self.officer_method
            ),
            filings=tuple(
                FilingKind(f.code, f.title, f.by == "office", f.units, f.categories) for f in self.filing
            ),
            single_items=self.ranking.single_items,
            duties=Duties(self.officers.absences, {c.name: c.factor for c in self.officers.coefficient}),
            bulletin_template=self.bulletin.template,
        )


def _criterion(section: CriterionSection) -> Criterion:
    whole = section.points == WHOLE
    points = section.points if isinstance(section.points, Decimal) else None
    return Criterion(section.code, section.text, points, section.per, section.max, whole, section.veto)


def _scheme(category: CategorySection) -> Scheme:
    items = tuple(
        Item(item.name, item.points, item.aliases, tuple(map(_criterion, item.criterion)))
        for item in category.item
    )
    return Scheme(category.name, items, frozenset(category.years))
