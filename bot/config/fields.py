"""The kinds of single values in the config, each with its own check and a sentence that says what would be right."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StrictInt

from rules.points import has_two_places

LONGEST_NAME = 32

LONGEST_TITLE = 60

WHOLE = "全部"
"""A criterion that takes all points of its item."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""The hosts on which nobody but this machine is heard."""

LARGEST_ID = 2**52
"""Telegram's ids have at most 52 significant bits."""


def month_day(value: str) -> tuple[int, int]:
    """The (month, day) of 3-15; ValueError for a day that some year lacks (R6)."""
    match = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", value)
    try:
        # 2025 is no leap year: a deadline has to exist every year.
        day = date(2025, int(match[1]), int(match[2])) if match else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"“{value}”不是每年都有的日期，应写成月-日，例如 3-15")
    return day.month, day.day


def _name(value: str) -> str:
    if not value.strip() or value != value.strip():
        raise ValueError("不能空着，前后也不能有空格")
    if len(value) > LONGEST_NAME or not value.isprintable():
        raise ValueError(f"最多 {LONGEST_NAME} 个字，不能有换行等控制字符")
    if not any(sign.isalnum() for sign in value):
        raise ValueError("至少要有一个汉字、字母或数字")
    return value


def _title(value: str) -> str:
    """A document's title; 《》 around it are put on again where it is shown."""
    title = value.strip()
    if title.startswith("《") and title.endswith("》"):
        title = title[1:-1].strip()
    if len(title) > LONGEST_TITLE or not title.isprintable() or not any(sign.isalnum() for sign in title):
        raise ValueError(f"应写 1–{LONGEST_TITLE} 个字的文件名称，不能换行")
    if re.search(r"[{}]", title.replace("{year}", "")):
        raise ValueError("大括号里只能写 {year}，显示时换成年份")
    return title


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        # ZoneInfoNotFoundError is a KeyError.
        raise ValueError(f"没有“{value}”这个时区，应写成例如 Asia/Shanghai") from None
    return value


def _points(value: Decimal) -> Decimal:
    if not has_two_places(value) or value <= 0:
        raise ValueError("应是大于 0、最多两位小数的数，例如 10 或 2.5")
    return value


def _code(value: str) -> str:
    if re.fullmatch(r"[a-z0-9_-]{1,24}", value) is None:
        raise ValueError("只能用小写字母、数字、- 和 _，最多 24 个，例如 chengguan")
    return value


def _criterion_code(value: str) -> str:
    if re.fullmatch(r"(?=.{1,16}\Z)[A-Za-z0-9]{1,16}([.-][A-Za-z0-9]{1,8}){0,4}", value) is None:
        raise ValueError("只能用字母、数字、. 和 -，最多 16 个，例如 2.3")
    return value


def _criterion_points(value: Any) -> Any:
    if value is None or value == WHOLE:
        return value
    try:
        return _points(Decimal(str(value)))
    except (ArithmeticError, ValueError):
        raise ValueError(f"应是大于 0、最多两位小数的数，或写“{WHOLE}”（该项不得分）") from None


def _criterion_text(value: str) -> str:
    if not value.strip() or len(value) > 200 or not value.isprintable():
        raise ValueError("应写 1–200 个字，不能换行")
    return value.strip()


def _short_name(value: str) -> str:
    if len(value) > 10 or (value and not value.isprintable()):
        raise ValueError("最多 10 个字，例如 次、处、人")
    return value


def _time_of_day(value: str) -> str:
    if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value) is None:
        raise ValueError("应写成 时:分，例如 09:00 或 17:30")
    return value


def _token(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text and re.fullmatch(r"[0-9]{5,}:[A-Za-z0-9_-]{30,}", text) is None:
        raise ValueError("不像机器人令牌，应是 BotFather 给的“数字:字母数字”那一整串")
    return value


def _database(value: str) -> str:
    if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("应以 sqlite+aiosqlite:/// 或 postgresql+asyncpg:// 开头")
    return value


def _web(value: str) -> str:
    if value and re.fullmatch(r"(https?|socks5)://[^\s/]+\S*", value) is None:
        raise ValueError("应是网址，例如 https://example.org/bot")
    return value


def _listen(value: str) -> str:
    match = re.fullmatch(r"\S+:([0-9]{1,5})", value)
    if match is None or not 0 < int(match[1]) < 2**16:
        raise ValueError("应写成 地址:端口，例如 127.0.0.1:8080，端口最大 65535")
    return value


def _loopback(value: str) -> str:
    if value and _listen(value).rpartition(":")[0] not in LOOPBACK:
        raise ValueError("只能监听本机，应写成例如 127.0.0.1:9464；不用就空着")
    return value


def _deadlines(values: tuple[str, ...]) -> tuple[str, ...]:
    days = [month_day(value) for value in values]
    if len(days) != 4:
        raise ValueError(f"应有四个日期，现在是 {len(days)} 个")
    if days != sorted(set(days)):
        raise ValueError("四个日期应从一季度到四季度，一个比一个晚")
    return values


def _deadline(value: str) -> str:
    month_day(value)
    return value


def _band_score(value: Decimal) -> Decimal:
    if not has_two_places(value) or not 0 <= value <= 100:
        raise ValueError("应是 0 到 100、最多两位小数的数，例如 90")
    return value


def _factor(value: Decimal) -> Decimal:
    if not has_two_places(value) or not 0 < value <= 2:
        raise ValueError("应大于 0、不超过 2，最多两位小数，例如 0.95")
    return value


def _short_word(value: str) -> str:
    if not 1 <= len(value) <= 12 or value != "".join(value.split()):
        raise ValueError("应是 1–12 个字，中间没有空格")
    return value


def _different(values: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(values)) != len(values):
        raise ValueError("不能重复")
    return values


def _no_yes(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("应是整数")
    return value


Name = Annotated[str, AfterValidator(_name)]
Title = Annotated[str, AfterValidator(_title)]
Zone = Annotated[str, AfterValidator(_zone)]
Points = Annotated[Decimal, AfterValidator(_points)]
Code = Annotated[str, AfterValidator(_code)]
CriterionCode = Annotated[str, AfterValidator(_criterion_code)]
CriterionPoints = Annotated[Decimal | str | None, BeforeValidator(_criterion_points)]
CriterionText = Annotated[str, AfterValidator(_criterion_text)]
ShortName = Annotated[str, AfterValidator(_short_name)]
TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]
Token = Annotated[SecretStr, AfterValidator(_token)]
DatabaseUrl = Annotated[str, AfterValidator(_database)]
Web = Annotated[str, AfterValidator(_web)]
Listen = Annotated[str, AfterValidator(_listen)]
Loopback = Annotated[str, AfterValidator(_loopback)]
Hours = Annotated[int, BeforeValidator(_no_yes), Field(ge=0, le=720)]
Copies = Annotated[int, BeforeValidator(_no_yes), Field(ge=1, le=1000)]
Deadlines = Annotated[tuple[str, ...], AfterValidator(_deadlines)]
TelegramId = Annotated[StrictInt, Field(gt=0, le=LARGEST_ID)]
YearNumber = Annotated[StrictInt, Field(ge=2000, le=2999)]
Factor = Annotated[Decimal, AfterValidator(_factor)]
ShortWord = Annotated[str, AfterValidator(_short_word)]
BandScore = Annotated[Decimal, AfterValidator(_band_score)]
Deadline = Annotated[str, AfterValidator(_deadline)]
DaysBefore = Annotated[tuple[Annotated[StrictInt, Field(ge=0, le=60)], ...], AfterValidator(_different)]
DaysAfter = Annotated[tuple[Annotated[StrictInt, Field(ge=1, le=60)], ...], AfterValidator(_different)]
DayOfMonth = Annotated[int, BeforeValidator(_no_yes), Field(ge=1, le=28)]
Days = Annotated[int, BeforeValidator(_no_yes), Field(ge=1, le=3650)]
"""Days may come as text: that is all an environment variable can hold."""
DaysOrNone = Annotated[int, BeforeValidator(_no_yes), Field(ge=0, le=366)]
"""Days, of which 0 means that it is not done."""
