"""config.toml and the environment → one frozen, validated Config."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StrictInt, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from rules.bureau import Bureau, Group, Sequence, Unit
from rules.calendar import Calendar
from rules.points import has_two_places
from rules.scheme import Item, Scheme

PREFIX = "KAOPING_"

LONGEST_NAME = 32


def _name(value: str) -> str:
    if not value.strip() or value != value.strip():
        raise ValueError("不能空着，前后也不能有空格")
    if len(value) > LONGEST_NAME or not value.isprintable():
        raise ValueError(f"最多 {LONGEST_NAME} 个字，不能有控制字符")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError):
        raise ValueError(f"没有“{value}”这个时区，应写成例如 Asia/Shanghai") from None
    return value


def _points(value: Decimal | str | int) -> Decimal:
    points = Decimal(value)
    if not has_two_places(points) or points <= 0:
        raise ValueError("应是大于 0、最多两位小数的数，例如 10 或 2.5")
    return points


def _code(value: str) -> str:
    if re.fullmatch(r"[a-z0-9_-]{1,24}", value) is None:
        raise ValueError("只能用小写字母、数字、- 和 _，最多 24 个，例如 chengguan")
    return value


def _token(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text and re.fullmatch(r"\d{5,}:[A-Za-z0-9_-]{30,}", text) is None:
        raise ValueError("不像机器人令牌，应是 BotFather 给的“数字:字母数字”那一整串")
    return value


def _database(value: str) -> str:
    if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("应以 sqlite+aiosqlite:/// 或 postgresql+asyncpg:// 开头")
    return value


def _web(value: str) -> str:
    if value and re.fullmatch(r"(https?|socks5)://[^\s/]+.*", value) is None:
        raise ValueError("应是网址，例如 https://api.telegram.org/bot")
    return value


def _deadlines(values: tuple[str, ...]) -> tuple[str, ...]:
    days = [_month_day(value) for value in values]
    if len(days) != 4:
        raise ValueError(f"应有四个日期，现在是 {len(days)} 个")
    if days != sorted(set(days)):
        raise ValueError("四个日期应从一季度到四季度，一个比一个晚")
    return values


def _month_day(value: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", value)
    try:
        # 2025 is no leap year: a deadline has to exist every year.
        day = date(2025, int(match[1]), int(match[2])) if match else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"“{value}”不是每年都有的日期，应写成月-日，例如 3-15")
    return day.month, day.day


Name = Annotated[str, AfterValidator(_name)]
Web = Annotated[str, AfterValidator(_web)]


class Section(BaseModel):
    """A table of the file: a key that is not known is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class BureauSection(Section):
    """[bureau]"""

    name: Name
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"


class TelegramSection(Section):
    """[telegram]"""

    token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    base_url: Web = ""
    base_file_url: Web = ""
    proxy_url: Web = ""
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: Web = ""
    webhook_listen: str = Field(default="127.0.0.1:8080", pattern=r"^[^:\s]+:\d{1,5}$")
    webhook_secret: SecretStr = SecretStr("")


class DatabaseSection(Section):
    """[database]"""

    url: Annotated[str, AfterValidator(_database)] = "sqlite+aiosqlite:///data/kaoping.db"


class PeopleSection(Section):
    """[people]"""

    admins: tuple[Annotated[StrictInt, Field(gt=0)], ...] = ()


class CalendarSection(Section):
    """[calendar]"""

    quarter_deadlines: Annotated[tuple[str, ...], AfterValidator(_deadlines)] = ("3-15", "6-15", "9-15", "12-1")


class GroupSection(Section):
    """[[group]]"""

    name: Name
    categories: tuple[Name, ...] = Field(min_length=1)


class ItemSection(Section):
    """[[category.item]]"""

    name: Name
    points: Annotated[Decimal, AfterValidator(_points)]
    aliases: tuple[Name, ...] = ()


class CategorySection(Section):
    """[[category]]"""

    name: Name
    years: tuple[Annotated[StrictInt, Field(ge=2000, le=2999)], ...] = ()
    item: tuple[ItemSection, ...] = Field(min_length=1)


class SequenceSection(Section):
    """[[sequence]]"""

    name: Name
    aliases: tuple[Name, ...] = ()


class UnitSection(Section):
    """[[unit]]"""

    code: Annotated[str, AfterValidator(_code)]
    name: Name
    aliases: tuple[Name, ...] = ()
    category: Name
    sequence: Name


class RetentionSection(Section):
    """[retention]"""

    inbox_days: StrictInt = Field(default=1, ge=1, le=3650)


class LoggingSection(Section):
    """[logging]"""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Config(BaseSettings):
    """The whole config. The environment goes before the file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    bureau: BureauSection
    telegram: TelegramSection = TelegramSection()
    database: DatabaseSection = DatabaseSection()
    people: PeopleSection = PeopleSection()
    calendar: CalendarSection = CalendarSection()
    group: tuple[GroupSection, ...] = Field(min_length=1)
    category: tuple[CategorySection, ...] = ()
    sequence: tuple[SequenceSection, ...] = Field(min_length=1)
    unit: tuple[UnitSection, ...] = Field(min_length=1)
    retention: RetentionSection = RetentionSection()
    logging: LoggingSection = LoggingSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then what the file says."""
        return env_settings, init_settings

    @cached_property
    def organisation(self) -> Bureau:
        """The bureau as the rules see it."""
        return Bureau(
            name=self.bureau.name,
            calendar=Calendar(
                ZoneInfo(self.bureau.timezone),
                tuple(_month_day(day) for day in self.calendar.quarter_deadlines),
            ),
            groups=tuple(Group(group.name, group.categories) for group in self.group),
            schemes=tuple(
                Scheme(
                    category.name,
                    tuple(Item(item.name, item.points, item.aliases) for item in category.item),
                    frozenset(category.years),
                )
                for category in self.category
            ),
            sequences=tuple(Sequence(sequence.name, sequence.aliases) for sequence in self.sequence),
            units=tuple(Unit(u.code, u.name, u.category, u.sequence, u.aliases) for u in self.unit),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, under which key, and what would be right."""

    path: str
    message: str


class ConfigInvalid(Exception):
    """The config cannot be used; every fault in it, at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def load(path: Path, environ: Mapping[str, str] | None = None) -> Config:
    """The config of a file and the environment. ConfigInvalid with every problem, never anything else."""
    from bot.config_checks import cross_check
    from bot.config_errors import misspelt_environment, translated

    table = _parsed(path)
    problems = misspelt_environment(os.environ if environ is None else environ)
    config: Config | None = None
    try:
        config = Config(**table)
    except ValidationError as error:
        problems += translated(error)
    problems += cross_check(table if config is None else config.model_dump())
    if problems or config is None:
        raise ConfigInvalid(tuple(problems))
    return config


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError:
        why = f"没有找到 {path}。可复制 config.example.toml 再改，或用 --config 指明位置"
    except OSError:
        why = f"{path} 读不了，请核对文件权限"
    except UnicodeDecodeError:
        why = "文件不是 UTF-8 编码，请另存为 UTF-8"
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        where = f"第 {place[1]} 行第 {place[2]} 个字符附近" if place else "文件末尾"
        why = f"{where}写法不对。文字要加英文引号，[ ] 要成对，一个键只能写一次"
    except (ValueError, ArithmeticError, RecursionError):
        why = "文件里有读不了的数值或嵌套太深"
    raise ConfigInvalid((Problem("", why),))
