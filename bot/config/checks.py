"""What no single key shows: sums, shared names, names that lead nowhere. Each part that is sound is checked."""

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from bot.config.errors import Problem
from bot.config.fields import month_day
from bot.config.models import (
    BandSection,
    CalendarSection,
    CategorySection,
    Config,
    CriterionSection,
    FilingSection,
    GroupSection,
    ItemSection,
    OfficerMethodSection,
    OfficersSection,
    SequenceSection,
    TelegramSection,
    UnitSection,
)
from rules.names import normalised
from rules.points import shown
from rules.scheme import FULL_MARKS

MAKE_SECRET = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'  # noqa: S105  how one is made
"""How a secret is made that nobody guesses."""

MOST_INDICATORS = 30
"""More indicators than that in one scheme are perhaps not meant: a warning."""

Model = TypeVar("Model", bound=BaseModel)
Numbered = list[tuple[str, Model]]
Texts = dict[str, None]
"""A set that keeps the order of the file."""


def cross_check(table: dict[str, Any]) -> list[Problem]:
    """Every fault between the keys. What does not hold on its own is left out: it is told of already."""
    groups = _sound(table, "group", GroupSection)
    categories = _sound(table, "category", CategorySection)
    sequences = _sound(table, "sequence", SequenceSection)
    units = _sound(table, "unit", UnitSection)
    with_table, scored = _texts(table, "category", "name"), _texts(table, "group", "categories")
    in_use = _both(with_table, _texts(table, "unit", "category"))
    return [
        *_check_schemes(categories),
        *_check_groups(groups, in_use),
        *_check_scored(categories, scored),
        *_shared_names([(path, s.name, s.aliases) for path, s in sequences], "序列"),
        *_shared_names([(path, u.name, u.aliases) for path, u in units], "单位"),
        *_check_codes(units),
        *_check_units(units, _texts(table, "sequence", "name"), _both(with_table, scored)),
        *_check_webhook(table.get("telegram")),
        *_check_quarters(table.get("calendar")),
        *_check_bands(_sound(table, "band", BandSection)),
        *_check_common_parts(_sound(table, "officer_method", OfficerMethodSection), in_use),
        *_check_officers(table.get("officers")),
        *_check_filings(_sound(table, "filing", FilingSection), _texts(table, "unit", "code"), in_use),
    ]


def _texts(table: dict[str, Any], key: str, inner: str) -> Texts | None:
    """The texts under a key of each entry, sound or not; None where one entry hides what it says.

    So one bad entry does not make every other look as if it led nowhere.
    """
    found: Texts = {}
    for entry in _entries(table, key):
        value = entry.get(inner) if isinstance(entry, dict) else None
        for text in value if isinstance(value, list | tuple) else [value]:
            if not isinstance(text, str):
                return None
            found[text] = None
    return found


def _both(some: Texts | None, others: Texts | None) -> Texts | None:
    return None if some is None or others is None else some | others


def _entries(table: dict[str, Any], key: str) -> list[Any]:
    values = table.get(key)
    return list(values) if isinstance(values, list | tuple) else []


def _sound(table: dict[str, Any], key: str, model: type[Model]) -> Numbered[Model]:
    sound = []
    for index, value in enumerate(_entries(table, key)):
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
        yield from _check_criteria(path, category)
        for year in category.years or (None,):
            other = years[category.name].setdefault(year, path)
            if other != path:
                which = f" {year} 年" if year else "未写年份的"
                yield Problem(path, f"{category.name}{which}计分表与 {other} 重复，一年只能有一张")


def _check_criteria(path: str, category: CategorySection) -> Iterable[Problem]:
    """Codes are unique in a scheme; no criterion takes more than its item has."""
    seen: dict[str, str] = {}
    for i, item in enumerate(category.item):
        for k, criterion in enumerate(item.criterion):
            place = f"{path}.item[{i}].criterion[{k}]"
            other = seen.setdefault(criterion.code.casefold(), place)
            if other != place:
                yield Problem(
                    f"{place}.code", f"编号“{criterion.code}”已是 {other} 的编号，一张计分表里不能重复"
                )
            yield from _check_criterion(place, criterion, item)


def _check_criterion(place: str, criterion: CriterionSection, item: ItemSection) -> Iterable[Problem]:
    points, most = criterion.points, criterion.max
    if points is None and not criterion.veto:
        yield Problem(
            f"{place}.points", "没有填写。请写分值，或写“全部”；只有一票否决（veto = true）可以不扣分"
        )
    for key, value in (("points", points), ("max", most)):
        if isinstance(value, Decimal) and value > item.points:
            yield Problem(
                f"{place}.{key}", f"“{item.name}”一共 {shown(item.points)} 分，不能是 {shown(value)} 分"
            )
    if most is not None and not isinstance(points, Decimal):
        yield Problem(f"{place}.max", "只有按次扣分的细则才有上限，请去掉")
    elif most is not None and isinstance(points, Decimal) and most < points:
        yield Problem(f"{place}.max", f"上限 {shown(most)} 分比每次的 {shown(points)} 分还少")


def _shared_names(entries: list[tuple[str, str, tuple[str, ...]]], kind: str) -> Iterable[Problem]:
    seen: dict[str, str] = {}
    for path, name, aliases in entries:
        for place, text in [("name", name), *((f"aliases[{i}]", alias) for i, alias in enumerate(aliases))]:
            owner = seen.setdefault(normalised(text), path)
            if owner != path:
                yield Problem(f"{path}.{place}", f"“{text}”已是 {owner} 的名称或别名，两个{kind}不能同名")


def _check_groups(groups: Numbered[GroupSection], known: Texts | None) -> Iterable[Problem]:
    owner: dict[str, str] = {}
    names: dict[str, str] = {}
    for path, group in groups:
        if names.setdefault(group.name, path) != path:
            yield Problem(f"{path}.name", f"考核小组“{group.name}”与 {names[group.name]} 同名")
        for index, category in enumerate(group.categories):
            if known and category not in known:
                yield Problem(
                    f"{path}.categories[{index}]", f"没有“{category}”这个类别，请核对 [[category]] 的 name"
                )
            elif owner.setdefault(category, group.name) != group.name:
                yield Problem(
                    f"{path}.categories[{index}]",
                    f"类别“{category}”已归{owner[category]}，一个类别只能归一个考核小组",
                )


def _check_scored(categories: Numbered[CategorySection], scored: Texts | None) -> Iterable[Problem]:
    told: set[str] = set()
    for path, category in categories:
        if scored and category.name not in scored and category.name not in told:
            told.add(category.name)
            yield Problem(
                f"{path}.name", f"类别“{category.name}”没有考核小组负责，请加进某个 [[group]] 的 categories"
            )


def _check_codes(units: Numbered[UnitSection]) -> Iterable[Problem]:
    seen: dict[str, str] = {}
    for path, unit in units:
        if seen.setdefault(unit.code, path) != path:
            yield Problem(f"{path}.code", f"代码“{unit.code}”与 {seen[unit.code]} 重复，每个单位要有自己的代码")


def _check_units(
    units: Numbered[UnitSection], sequences: Texts | None, categories: Texts | None
) -> Iterable[Problem]:
    for path, unit in units:
        if sequences and unit.sequence not in sequences:
            yield Problem(f"{path}.sequence", _unknown("序列", unit.sequence, sequences))
        if categories and unit.category not in categories:
            yield Problem(f"{path}.category", _unknown("类别", unit.category, categories))


def _unknown(kind: str, name: str, known: Texts) -> str:
    return f"没有“{name}”这个{kind}，现有：{'、'.join(known)}"


def _check_webhook(table: Any) -> Iterable[Problem]:
    try:
        telegram = TelegramSection.model_validate(table or {})
    except ValidationError:
        return
    if telegram.mode != "webhook":
        return
    if not telegram.webhook_url.startswith("https://"):
        yield Problem("telegram.webhook_url", "mode 是 webhook 时必须填写，且以 https:// 开头")
    elif not telegram.base_url and not _has_telegrams_port(telegram.webhook_url):
        yield Problem(
            "telegram.webhook_url", "Telegram 只往 443、80、88、8443 端口送，请改用其中一个；不写端口就是 443"
        )
    secret = telegram.webhook_secret.get_secret_value()
    if re.fullmatch(r"[A-Za-z0-9_-]{32,256}", secret) is None:
        yield Problem(
            "telegram.webhook_secret",
            "mode 是 webhook 时必须填写，32–256 个字母、数字、_ 或 -，不能自己编。"
            f"请执行 {MAKE_SECRET}，把得到的一行填进来",
        )


def _has_telegrams_port(url: str) -> bool:
    try:
        return (urlsplit(url).port or 443) in (443, 80, 88, 8443)
    except ValueError:
        return False


def _check_quarters(table: Any) -> Iterable[Problem]:
    try:
        calendar = CalendarSection.model_validate(table or {})
    except ValidationError:
        return
    if calendar.quarter and len(calendar.quarter) != 4:
        yield Problem(
            "calendar.quarter", f"应有四个，从一季度到四季度各一个，现在是 {len(calendar.quarter)} 个"
        )
        return
    days = [month_day(day) for day in calendar.deadlines]
    if days != sorted(set(days)):
        yield Problem("calendar.quarter", "四个季度的期限应一个比一个晚，请核对 deadline 和 quarter_deadlines")


def _check_bands(bands: Numbered[BandSection]) -> Iterable[Problem]:
    scores: dict[Decimal, str] = {}
    names: dict[str, str] = {}
    for path, band in bands:
        if not band.name.strip():
            yield Problem(f"{path}.name", "不能空着")
        if names.setdefault(band.name, path) != path:
            yield Problem(f"{path}.name", f"等级“{band.name}”与 {names[band.name]} 同名")
        if scores.setdefault(band.at_least, path) != path:
            yield Problem(f"{path}.at_least", f"与 {scores[band.at_least]} 的分数相同，两个等级要有高低")


def _check_common_parts(parts: Numbered[OfficerMethodSection], known: Texts | None) -> Iterable[Problem]:
    years: defaultdict[str, dict[int | None, str]] = defaultdict(dict)
    for path, part in parts:
        total = sum((item.points for item in part.item), Decimal(0))
        if total > FULL_MARKS:
            yield Problem(f"{path}.item", f"共同部分合计 {shown(total)} 分，不能超过 100 分")
        yield from _shared_names(
            [(f"{path}.item[{i}]", item.name, item.aliases) for i, item in enumerate(part.item)], "项目"
        )
        for index, category in enumerate(part.categories):
            if known and category not in known:
                yield Problem(f"{path}.categories[{index}]", _unknown("类别", category, known))
            for year in part.years or (None,):
                other = years[category].setdefault(year, path)
                if other != path:
                    yield Problem(
                        f"{path}.categories[{index}]", f"{category}的共同部分已写在 {other}，一年只能有一份"
                    )


def _check_officers(table: Any) -> Iterable[Problem]:
    try:
        officers = OfficersSection.model_validate(table or {})
    except ValidationError:
        return
    seen: dict[str, str] = {}
    words = [(f"officers.absences[{i}]", word) for i, word in enumerate(officers.absences)]
    words += [(f"officers.coefficient[{i}].name", c.name) for i, c in enumerate(officers.coefficient)]
    for path, word in words:
        if seen.setdefault(word, path) != path:
            yield Problem(path, f"“{word}”已写在 {seen[word]}，不能重复")


def _check_filings(
    filings: Numbered[FilingSection], units: Texts | None, categories: Texts | None
) -> Iterable[Problem]:
    """Each document has a code of its own and is filed by somebody that there is (R10)."""
    seen: dict[str, str] = {}
    for path, filing in filings:
        if seen.setdefault(filing.code, path) != path:
            yield Problem(
                f"{path}.code", f"代码“{filing.code}”与 {seen[filing.code]} 重复，每种文件要有自己的代码"
            )
        if sum(map(bool, (filing.by, filing.units, filing.categories))) != 1:
            yield Problem(path, 'by = "office"、units、categories 要写一项，只写一项：这种文件由谁报送')
        for index, code in enumerate(filing.units):
            if units and code not in units:
                yield Problem(f"{path}.units[{index}]", f"没有代码是“{code}”的单位，请核对 [[unit]] 的 code")
        for index, category in enumerate(filing.categories):
            if categories and category not in categories:
                yield Problem(f"{path}.categories[{index}]", _unknown("类别", category, categories))


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
    template = config.bulletin.template
    nobody = "还没有管理员，暂时谁也进不来。请私聊机器人发 /whoami，把它回的编号填进来，再重新启动"
    return [
        *([] if config.people.admins else [Problem("people.admins", nobody)]),
        *(
            Problem("category", f"类别“{name}”没有计分表，这一类单位不能扣分也没有成绩")
            for name in sorted(without)
        ),
        *(
            Problem(
                f"category[{i}]",
                f"{scheme.category}的计分表有 {scheme.indicators} 项指标（有细则的项目按细则计），"
                f"超过 {MOST_INDICATORS} 项，请核对是否过细",
            )
            for i, scheme in enumerate(config.organisation.schemes)
            if scheme.indicators > MOST_INDICATORS
        ),
        *(
            Problem(f"sequence[{i}]", f"序列“{sequence.name}”里没有单位")
            for i, sequence in enumerate(config.sequence)
            if sequence.name not in used
        ),
        *(
            [Problem("bulletin.template", "没有这个文件，/bulletin 会说明并且不生成通报")]
            if template and not Path(template).is_file()
            else []
        ),
    ]
