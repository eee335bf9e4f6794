"""What no single key shows: sums, shared names, names that lead nowhere. Each part that is sound is checked."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.config import (
    CategorySection,
    Config,
    GroupSection,
    Problem,
    SequenceSection,
    TelegramSection,
    UnitSection,
)
from rules.names import normalised
from rules.points import shown
from rules.scheme import FULL_MARKS

Model = TypeVar("Model", bound=BaseModel)
Numbered = list[tuple[str, Model]]


def cross_check(table: dict[str, Any]) -> list[Problem]:
    """Every fault between the keys. What does not hold on its own is left out: it is told of already."""
    groups = _sound(table, "group", GroupSection)
    categories = _sound(table, "category", CategorySection)
    sequences = _sound(table, "sequence", SequenceSection)
    units = _sound(table, "unit", UnitSection)
    return [
        *_check_schemes(categories),
        *_check_groups(groups, categories, units),
        *_shared_names([(path, s.name, s.aliases) for path, s in sequences], "序列"),
        *_shared_names([(path, u.name, u.aliases) for path, u in units], "单位"),
        *_check_codes(units),
        *_check_units(units, sequences, groups),
        *_check_webhook(table.get("telegram")),
    ]


def _sound(table: dict[str, Any], key: str, model: type[Model]) -> Numbered[Model]:
    values = table.get(key)
    if not isinstance(values, list | tuple):
        return []
    sound = []
    for index, value in enumerate(values):
        try:
            sound.append((f"{key}[{index}]", model.model_validate(value)))
        except ValidationError:
            continue
    return sound


def _check_schemes(categories: Numbered[CategorySection]) -> Iterable[Problem]:
    years: defaultdict[str, dict[int | None, str]] = defaultdict(dict)
    for path, category in categories:
        total = sum((item.points for item in category.item), Decimal(0))
        if total != FULL_MARKS:
            more = "多" if total > FULL_MARKS else "少"
            gap = shown(abs(total - FULL_MARKS))
            yield Problem(
                f"{path}.item", f"{category.name}各项合计 {shown(total)} 分，应是 100 分，{more}了 {gap} 分"
            )
        yield from _shared_names(
            [(f"{path}.item[{i}]", item.name, item.aliases) for i, item in enumerate(category.item)], "项目"
        )
        for year in category.years or (None,):
            other = years[category.name].setdefault(year, path)
            if other != path:
                which = f"{year} 年" if year else "未写年份的"
                yield Problem(path, f"{category.name}{which}计分表与 {other} 重复，一年只能有一张")


def _shared_names(entries: list[tuple[str, str, tuple[str, ...]]], kind: str) -> Iterable[Problem]:
    seen: dict[str, str] = {}
    for path, name, aliases in entries:
        for place, text in [("name", name), *((f"aliases[{i}]", alias) for i, alias in enumerate(aliases))]:
            owner = seen.setdefault(normalised(text), path)
            if owner != path:
                yield Problem(f"{path}.{place}", f"“{text}”已是 {owner} 的名称或别名，两个{kind}不能同名")


def _check_groups(
    groups: Numbered[GroupSection], categories: Numbered[CategorySection], units: Numbered[UnitSection]
) -> Iterable[Problem]:
    known = {category.name for _, category in categories} | {unit.category for _, unit in units}
    owner: dict[str, str] = {}
    names: dict[str, str] = {}
    for path, group in groups:
        if names.setdefault(group.name, path) != path:
            yield Problem(f"{path}.name", f"考核小组“{group.name}”与 {names[group.name]} 同名")
        for index, category in enumerate(group.categories):
            if category not in known:
                yield Problem(
                    f"{path}.categories[{index}]", f"没有“{category}”这个类别，请核对 [[category]] 的 name"
                )
            elif owner.setdefault(category, group.name) != group.name:
                yield Problem(
                    f"{path}.categories[{index}]",
                    f"类别“{category}”已归{owner[category]}，一个类别只能归一个考核小组",
                )


def _check_codes(units: Numbered[UnitSection]) -> Iterable[Problem]:
    seen: dict[str, str] = {}
    for path, unit in units:
        if seen.setdefault(unit.code, path) != path:
            yield Problem(f"{path}.code", f"代码“{unit.code}”与 {seen[unit.code]} 重复，每个单位要有自己的代码")


def _check_units(
    units: Numbered[UnitSection], sequences: Numbered[SequenceSection], groups: Numbered[GroupSection]
) -> Iterable[Problem]:
    known = [sequence.name for _, sequence in sequences]
    scored = {category for _, group in groups for category in group.categories}
    for path, unit in units:
        if unit.sequence not in known:
            yield Problem(
                f"{path}.sequence", f"没有“{unit.sequence}”这个序列，现有：{'、'.join(known) or '无'}"
            )
        if unit.category not in scored:
            yield Problem(
                f"{path}.category",
                f"类别“{unit.category}”没有考核小组负责，请核对写法，或加进某个 [[group]] 的 categories",
            )


def _check_webhook(table: Any) -> Iterable[Problem]:
    try:
        telegram = TelegramSection.model_validate(table or {})
    except ValidationError:
        return
    if telegram.mode != "webhook":
        return
    if not telegram.webhook_url.startswith("https://"):
        yield Problem("telegram.webhook_url", "mode 是 webhook 时必须填写，且以 https:// 开头")
    secret = telegram.webhook_secret.get_secret_value()
    if not secret or len(secret) > 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
        yield Problem("telegram.webhook_secret", "mode 是 webhook 时必须填写，1–256 个字母、数字、_ 或 -")


def problems_to_run(config: Config) -> list[Problem]:
    """What the sandbox does without and real service does not."""
    problems = []
    if not config.telegram.token.get_secret_value():
        problems.append(
            Problem("telegram.token", "没有填写。请填 BotFather 给的令牌，或用环境变量 KAOPING_TELEGRAM__TOKEN")
        )
    return problems


def warnings_of(config: Config) -> list[Problem]:
    """What is allowed and perhaps not meant."""
    tables = {category.name for category in config.category}
    without = {unit.category for unit in config.unit} - tables
    used = {unit.sequence for unit in config.unit}
    nobody = "还没有管理员，暂时谁也进不来。请私聊机器人发 /whoami，把它回的编号填进来，再重新启动"
    return [
        *([] if config.people.admins else [Problem("people.admins", nobody)]),
        *(
            Problem("category", f"类别“{name}”没有计分表，这一类单位不能扣分也没有成绩")
            for name in sorted(without)
        ),
        *(
            Problem(f"sequence[{i}]", f"序列“{sequence.name}”里没有单位")
            for i, sequence in enumerate(config.sequence)
            if sequence.name not in used
        ),
    ]
