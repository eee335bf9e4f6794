"""The config: every fault is told at once, in Chinese, where it stands; and nothing tells a secret."""

import json
import random
import re
import string
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.config.checks import problems_to_run, warnings_of
from bot.config.load import Config, ConfigInvalid, Problem, load
from bot.config.toml_sources import line_numbers
from rules.filings import owed

EXAMPLE = Path(__file__).parents[3] / "config.example.toml"
GUIDE = EXAMPLE.parent / "docs" / "configuration.md"
SECRET = "AAF-xK9mQ2vT7_bL4wZ8cR1nY6pD3sJ5hG0"
TOKEN = f"123456789:{SECRET}"
NO_SECRET = (
    "mode 是 webhook 时必须填写，32–256 个字母、数字、_ 或 -，不能自己编。"
    '请执行 python -c "import secrets; print(secrets.token_urlsafe(32))"，把得到的一行填进来'
)

SMALL = """\
[bureau]
name = "江城市公安局"

[[group]]
name = "派出所考核小组"
categories = ["派出所"]

[[category]]
name = "派出所"

[[category.item]]
name = "治安管理"
points = 97.5
aliases = ["治安"]

[[category.item]]
name = "情报信息"
points = "2.50"

[[sequence]]
name = "派出所第一序列"

[[unit]]
code = "chengguan"
name = "城关派出所"
aliases = ["中心所"]
category = "派出所"
sequence = "派出所第一序列"

[[unit]]
code = "dongmen"
name = "东门派出所"
category = "派出所"
sequence = "派出所第一序列"
"""

THIRD = """
[[unit]]
code = "third"
name = "南湖派出所"
category = "派出所"
sequence = "派出所第一序列"
"""
FILING = '\n[[filing]]\ncode = "rules"\ntitle = "《{year}年度细则》"\nby = "office"\n'
BAND = '\n[[band]]\nname = "{}"\nat_least = {}\n'
ONE_OF = 'by = "office"、units、categories 要写一项，只写一项：这种文件由谁报送'
DATED = '\n[[category]]\nname = "派出所"\n{}\n[[category.item]]\nname = "全部"\npoints = 100\n'


@pytest.fixture
def read(tmp_path):
    """What `load` makes of a text and an environment."""

    def config_of(text: str, environ: dict[str, str] | None = None) -> Config:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return load(path, environ or {})

    return config_of


@pytest.fixture
def problems(read):
    """What `load` finds wrong with a text and an environment, a line each."""

    def told(text: str, environ: dict[str, str] | None = None) -> list[str]:
        with pytest.raises(ConfigInvalid) as invalid:
            read(text, environ)
        return [str(problem) for problem in invalid.value.problems]

    return told


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The text with its first such piece replaced, which has to be there."""
    assert old in text
    return text.replace(old, new, 1)


# The example


def test_the_example_is_valid_and_only_lacks_an_administrator():
    config = load(EXAMPLE, {})
    assert [warning.path for warning in warnings_of(config)] == ["people.admins"]


def test_the_example_has_the_plans_41_units_in_its_four_sequences():
    bureau = load(EXAMPLE, {}).organisation
    assert len(bureau.units) == 41
    assert [(s.name, len(bureau.units_of(s.name))) for s in bureau.sequences] == [
        ("派出所第一序列", 5),
        ("派出所第二序列", 17),
        ("机关第一序列", 7),
        ("机关第二序列", 12),
    ]


def test_the_examples_departments_are_of_the_kinds_that_the_plan_lists():
    bureau = load(EXAMPLE, {}).organisation
    first = Counter(re.sub(".*(大队|科)$", r"\1", unit.name) for unit in bureau.units_of("机关第一序列"))
    second = Counter(unit.name[-1] for unit in bureau.units_of("机关第二序列"))
    assert first == {"大队": 6, "科": 1}
    assert second == {"委": 1, "处": 1, "室": 2, "科": 6, "所": 2}


def test_the_examples_schemes_add_up_and_the_stations_is_the_plans():
    stations, *others = load(EXAMPLE, {}).organisation.schemes
    assert [(item.name, item.points) for item in stations.items] == [
        ("队伍日常管理", 10),
        ("治安管理", 10),
        ("打击、破案及追逃", 40),
        ("执法质量", 20),
        ("人口管理", 10),
        ("安全防范", 5),
        ("情报信息", 5),
    ]
    assert [scheme.total for scheme in (stations, *others)] == [100, 100, 100]
    assert [scheme.category for scheme in others] == ["机关科室", "实战所队"]


def test_every_unit_of_the_example_is_scored_by_a_group_with_a_scheme():
    bureau = load(EXAMPLE, {}).organisation
    assert all(bureau.group_for(unit) and bureau.scheme_for(unit, 2026) for unit in bureau.units)


def test_every_key_that_there_is_stands_in_the_example_or_is_told_of_in_a_comment():
    text = EXAMPLE.read_text(encoding="utf-8")
    schema = Config.model_json_schema()
    keys = {key for table in (schema, *schema["$defs"].values()) for key in table["properties"]}
    assert {key for key in keys if not re.search(rf"\b{key}\b", text)} == set()


def _keys(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """bureau.name, category[].item[].points: the keys with their tables."""
    for name, field in model.model_fields.items():
        kinds = (field.annotation, *get_args(field.annotation))
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if inner is None:
            yield above + name
        else:
            yield from _keys(inner, f"{above}{name}{'' if inner is field.annotation else '[]'}.")


def test_the_documentation_has_every_key_and_no_other():
    assert sorted(re.findall(r"^\| `([^`]+)` \|", GUIDE.read_text(encoding="utf-8"), re.M)) == sorted(
        _keys(Config)
    )


def test_the_documentation_shows_the_faults_as_they_are_told(problems):
    shown = re.findall(r"^第 .*", GUIDE.read_text(encoding="utf-8"), re.M)
    text = changed("proxy_url", "proxyurl", EXAMPLE.read_text(encoding="utf-8"))
    text = changed("points = 40", "points = 39", text)
    text = changed('"东门派出所"\naliases = []', '"东门派出所"\naliases = ["中心所"]', text)
    before, found, after = text.partition('code = "juliu"')
    text = before + found + changed("机关第二序列", "机关二序列", after)
    assert problems(text) + problems("[bureau]\nname = 江城\n") == shown


def test_the_examples_documents_are_the_plans_and_each_has_somebody_who_files_it():
    policy, bureau = load(EXAMPLE, {}).policy, load(EXAMPLE, {}).organisation
    assert policy.schedule.filings_due == (1, 31)
    assert [(kind.code, kind.by_office) for kind in policy.filings] == [
        ("station-rating", True),
        ("office-rating", True),
        ("officers-common", False),
        ("officers", False),
        ("station-officers", False),
    ]
    assert Counter(one.kind.code for one in owed(policy.filings, bureau, [])) == {
        "station-rating": 1,
        "office-rating": 1,
        "officers-common": 1,
        "officers": 19,
        "station-officers": 22,
    }
    assert policy.filings[2].titled(2027) == "江城市公安局2027年度派出所民警目标量化考核办法（总则及共同部分）"


def test_a_title_is_kept_without_the_marks_that_are_put_around_it(read):
    assert read(SMALL + FILING).policy.filings[0].titled(2027) == "2027年度细则"


# Values


@pytest.mark.parametrize("written", ["2.5", '"2.5"', "2.50", '"2.50"', "25e-1"])
def test_points_are_exact_however_they_are_written(read, written):
    config = read(changed('"2.50"', written))
    assert config.category[0].item[1].points == Decimal("2.5")
    assert isinstance(config.category[0].item[1].points, Decimal)


def test_points_that_no_binary_fraction_holds_are_exact(read):
    config = read(changed("97.5", "99.9").replace('"2.50"', "0.1"))
    assert config.organisation.schemes[0].total == Decimal("100.0")


def test_a_table_for_one_year_stands_beside_the_one_for_all(read):
    bureau = read(SMALL + DATED.format("years = [2027]")).organisation
    unit = bureau.unit("chengguan")
    by_year = [[item.name for item in bureau.scheme_for(unit, year).items] for year in (2026, 2027)]
    assert by_year == [["治安管理", "情报信息"], ["全部"]]


def test_a_config_cannot_be_changed_and_makes_its_bureau_once(read):
    config = read(SMALL)
    with pytest.raises(ValueError, match="frozen"):
        config.bureau.name = "别的局"
    assert config.organisation is config.organisation


# Faults of one key

BAD_TOKEN = "不像机器人令牌，应是 BotFather 给的“数字:字母数字”那一整串"
FAULTS = {
    "a misspelt key": ('name = "江城', 'nmae = "江城', "第 2 行 bureau.nmae：没有这个键，是不是想写 name"),
    "a misspelt table": ("[bureau]", "[loging]\n[bureau]", "第 1 行 loging：没有这个键，是不是想写 logging"),
    "a key like no other": (
        "[bureau]\n",
        "[bureau]\nxyz = 1\n",
        "第 2 行 bureau.xyz：没有这个键，这里可以写的有：name、timezone",
    ),
    "a private key": (
        "[bureau]",
        "_env_file = 1\n[bureau]",
        "第 1 行 _env_file：没有这个键，这里可以写的有：bureau、telegram、database、people、calendar、"
        "group、band、officers、officer_method、filings、filing、category、sequence、unit、corrections、appeals、notices、trace、guard、evidence、bulletin、retention、backup、ops、logging、ranking",
    ),
    "pydantic's own name": (
        "[bureau]",
        "__pydantic_self__ = 1\n[bureau]",
        "第 1 行 __pydantic_self__：没有这个键，这里可以写的有：bureau、telegram、database、people、calendar、"
        "group、band、officers、officer_method、filings、filing、category、sequence、unit、corrections、appeals、notices、trace、guard、evidence、bulletin、retention、backup、ops、logging、ranking",
    ),
    "a missing key": ('code = "dongmen"\n', "", "第 30 行 unit[1].code：缺这一项，必须填写"),
    "text without quotation marks": (
        'aliases = ["中心所"]',
        "aliases = [110]",
        "第 26 行 unit[0].aliases[0]：应是文字，要加英文引号",
    ),
    "one value for a list": (
        'aliases = ["中心所"]',
        'aliases = "中心所"',
        "第 26 行 unit[0].aliases：应是一组值，写在 [ ] 里",
    ),
    "a value for a table": (
        "[bureau]",
        "logging = 1\n[bureau]",
        "第 1 行 logging：应是一张表，写成 [名字] 另起一行",
    ),
    "an unknown zone": (
        "[bureau]",
        '[bureau]\ntimezone = "Asia/Beijing"',
        "第 2 行 bureau.timezone：没有“Asia/Beijing”这个时区，应写成例如 Asia/Shanghai",
    ),
    "a zone that leads out of the folder": (
        "[bureau]",
        '[bureau]\ntimezone = "../etc"',
        "第 2 行 bureau.timezone：没有“../etc”这个时区，应写成例如 Asia/Shanghai",
    ),
    "29 February": (
        "[bureau]",
        '[calendar]\nquarter_deadlines = ["2-29", "6-15", "9-15", "12-1"]\n[bureau]',
        "第 2 行 calendar.quarter_deadlines：“2-29”不是每年都有的日期，应写成月-日，例如 3-15",
    ),
    "a deadline of words": (
        "[bureau]",
        '[calendar]\nquarter_deadlines = ["三月", "6-15", "9-15", "12-1"]\n[bureau]',
        "第 2 行 calendar.quarter_deadlines：“三月”不是每年都有的日期，应写成月-日，例如 3-15",
    ),
    "deadlines that do not grow": (
        "[bureau]",
        '[calendar]\nquarter_deadlines = ["3-15", "3-15", "9-15", "12-1"]\n[bureau]',
        "第 2 行 calendar.quarter_deadlines：四个日期应从一季度到四季度，一个比一个晚",
    ),
    "three deadlines": (
        "[bureau]",
        '[calendar]\nquarter_deadlines = ["3-15", "6-15", "9-15"]\n[bureau]',
        "第 2 行 calendar.quarter_deadlines：应有四个日期，现在是 3 个",
    ),
    "a short token": (
        "[bureau]",
        '[telegram]\ntoken = "123:abc"\n[bureau]',
        f"第 2 行 telegram.token：{BAD_TOKEN}",
    ),
    "an unknown mode": (
        "[bureau]",
        '[telegram]\nmode = "push"\n[bureau]',
        '第 2 行 telegram.mode：只能是 "polling" 或 "webhook"',
    ),
    "no address": (
        "[bureau]",
        '[telegram]\nproxy_url = "127.0.0.1:7890"\n[bureau]',
        "第 2 行 telegram.proxy_url：应是网址，例如 https://example.org/bot",
    ),
    "a port that there is not": (
        "[bureau]",
        '[telegram]\nwebhook_listen = "127.0.0.1:70000"\n[bureau]',
        "第 2 行 telegram.webhook_listen：应写成 地址:端口，例如 127.0.0.1:8080，端口最大 65535",
    ),
    "another database": (
        "[bureau]",
        '[database]\nurl = "mysql://localhost/x"\n[bureau]',
        "第 2 行 database.url：应以 sqlite+aiosqlite:/// 或 postgresql+asyncpg:// 开头",
    ),
    "an administrator below zero": (
        "[bureau]",
        "[people]\nadmins = [5, -1]\n[bureau]",
        "第 2 行 people.admins[1]：应大于 0",
    ),
    "an administrator's id as text": (
        "[bureau]",
        '[people]\nadmins = ["5"]\n[bureau]',
        "第 2 行 people.admins[0]：应是整数，不加引号",
    ),
    "an id that no database holds": (
        "[bureau]",
        "[people]\nadmins = [99999999999999999999]\n[bureau]",
        "第 2 行 people.admins[0]：应不大于 4503599627370496",
    ),
    "no days": (
        "[bureau]",
        "[retention]\ninbox_days = 0\n[bureau]",
        "第 2 行 retention.inbox_days：应不小于 1",
    ),
    "yes for days": (
        "[bureau]",
        "[retention]\ninbox_days = true\n[bureau]",
        "第 2 行 retention.inbox_days：应是整数",
    ),
    "half a day": (
        "[bureau]",
        "[retention]\ninbox_days = 1.5\n[bureau]",
        "第 2 行 retention.inbox_days：应是整数",
    ),
    "a group of nothing": (
        '["派出所"]',
        "[]",
        "第 6 行 group[0].categories：至少要有 1 个",
    ),
    "a code with capitals": (
        '"dongmen"',
        '"DongMen"',
        "第 31 行 unit[1].code：只能用小写字母、数字、- 和 _，最多 24 个，例如 chengguan",
    ),
    "a code with a Chinese digit": (
        '"dongmen"',
        '"pcs１"',
        "第 31 行 unit[1].code：只能用小写字母、数字、- 和 _，最多 24 个，例如 chengguan",
    ),
    "a blank name": ('"东门派出所"', '" "', "第 32 行 unit[1].name：不能空着，前后也不能有空格"),
    "a name of signs": ('"东门派出所"', '"——"', "第 32 行 unit[1].name：至少要有一个汉字、字母或数字"),
    "a long name": (
        '"东门派出所"',
        f'"{"东" * 33}"',
        "第 32 行 unit[1].name：最多 32 个字，不能有换行等控制字符",
    ),
    "a document's day that is none": (
        "[bureau]",
        '[filings]\ndue = "1-32"\n[bureau]',
        "第 2 行 filings.due：“1-32”不是每年都有的日期，应写成月-日，例如 3-15",
    ),
    "a document filed by somebody else": (
        "[bureau]",
        changed("office", "station", FILING).lstrip() + "[bureau]",
        '第 4 行 filing[0].by：只能是 "office"',
    ),
    "a document with a misspelt year": (
        "[bureau]",
        changed("{year}", "{yaer}", FILING).lstrip() + "[bureau]",
        "第 3 行 filing[0].title：大括号里只能写 {year}，显示时换成年份",
    ),
    "a document without a title": (
        "[bureau]",
        changed("{year}年度细则", "", FILING).lstrip() + "[bureau]",
        "第 3 行 filing[0].title：应写 1–60 个字的文件名称，不能换行",
    ),
    "a name over two lines": (
        '"东门派出所"',
        '"东门\\n派出所"',
        "第 32 行 unit[1].name：最多 32 个字，不能有换行等控制字符",
    ),
}
BAD_POINTS = {
    "0": "应是大于 0、最多两位小数的数，例如 10 或 2.5",
    "-2": "应是大于 0、最多两位小数的数，例如 10 或 2.5",
    "2.555": "应是大于 0、最多两位小数的数，例如 10 或 2.5",
    "1e999999": "应是大于 0、最多两位小数的数，例如 10 或 2.5",
    '"两分"': "应是数字，例如 10 或 2.5",
    "true": "应是数字，例如 10 或 2.5",
    "nan": "应是数字，例如 10 或 2.5",
    "inf": "应是数字，例如 10 或 2.5",
    "2026-01-01": "应是数字，例如 10 或 2.5",
}


@pytest.mark.parametrize(("old", "new", "line"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_in_one_line_with_its_place_and_what_would_be_right(problems, old, new, line):
    assert problems(changed(old, new)) == [line]


@pytest.mark.parametrize(("points", "why"), BAD_POINTS.items())
def test_points_that_are_none_are_told_and_spoil_no_sum(problems, points, why):
    assert problems(changed("97.5", points)) == [f"第 13 行 category[0].item[0].points：{why}"]


# Faults between keys

BETWEEN = {
    "a sum below": (
        changed("97.5", "90"),
        ["第 8 行 category[0].item：派出所各项合计 92.5 分，应是 100 分，少了 7.5 分"],
    ),
    "a sum above": (
        changed("97.5", "97.51"),
        ["第 8 行 category[0].item：派出所各项合计 100.01 分，应是 100 分，多了 0.01 分"],
    ),
    "an item's alias that is another's name": (
        changed('"治安"', '"情报 信息"'),
        [
            "第 17 行 category[0].item[1].name：“情报信息”已是 category[0].item[0] 的名称或别名，两个项目不能同名"
        ],
    ),
    "two tables for every year": (
        SMALL + DATED.format(""),
        ["第 36 行 category[1]：派出所未写年份的计分表与 category[0] 重复，一年只能有一张"],
    ),
    "two tables for one year": (
        SMALL + DATED.format("years = [2026, 2027]") + DATED.format("years = [2027]"),
        ["第 43 行 category[2]：派出所 2027 年计分表与 category[1] 重复，一年只能有一张"],
    ),
    "a code twice": (
        changed('"dongmen"', '"chengguan"'),
        ["第 31 行 unit[1].code：代码“chengguan”与 unit[0] 重复，每个单位要有自己的代码"],
    ),
    "an alias that two units share but for width and case": (
        changed('"中心所"', '"ＡＢ所"') + 'aliases = ["ab 所"]\n',
        ["第 35 行 unit[1].aliases[0]：“ab 所”已是 unit[0] 的名称或别名，两个单位不能同名"],
    ),
    "a sequence twice": (
        changed("[[unit]]", '[[sequence]]\nname = "派出所一序列"\n\n[[unit]]'),
        ["第 24 行 sequence[1].name：“派出所一序列”已是 sequence[0] 的名称或别名，两个序列不能同名"],
    ),
    "a unit of an unknown sequence": (
        SMALL + THIRD.replace("第一序列", "第三序列"),
        ["第 40 行 unit[2].sequence：没有“派出所第三序列”这个序列，现有：派出所第一序列"],
    ),
    "a unit of an unknown category": (
        SMALL + THIRD.replace('"派出所"', '"派出锁"'),
        ["第 39 行 unit[2].category：没有“派出锁”这个类别，现有：派出所"],
    ),
    "a group of an unknown category": (
        changed('["派出所"]', '["派出所", "机关"]'),
        ["第 6 行 group[0].categories[1]：没有“机关”这个类别，请核对 [[category]] 的 name"],
    ),
    "a category in two groups": (
        changed("[[category]]", '[[group]]\nname = "另一组"\ncategories = ["派出所"]\n\n[[category]]'),
        ["第 10 行 group[1].categories[0]：类别“派出所”已归派出所考核小组，一个类别只能归一个考核小组"],
    ),
    "a group twice": (
        changed("[[category]]", '[[group]]\nname = "派出所考核小组"\ncategories = ["派出所"]\n\n[[category]]'),
        ["第 9 行 group[1].name：考核小组“派出所考核小组”与 group[0] 同名"],
    ),
    "two bands of one name": (
        SMALL + BAND.format("优秀", 90) + BAND.format("合格", 60) + BAND.format("优秀", 80),
        ["第 45 行 band[2].name：等级“优秀”与 band[0] 同名"],
    ),
    "two bands from the same points on": (
        SMALL + BAND.format("优秀", 90) + BAND.format("合格", 60) + BAND.format("良好", "90.0"),
        ["第 46 行 band[2].at_least：与 band[0] 的分数相同，两个等级要有高低"],
    ),
    "a band without a name": (
        SMALL + BAND.format("  ", 90),
        ["第 37 行 band[0].name：不能空着"],
    ),
    "a category in no group": (
        SMALL + DATED.format("").replace("派出所", "机关科室"),
        ["第 37 行 category[1].name：类别“机关科室”没有考核小组负责，请加进某个 [[group]] 的 categories"],
    ),
    "a webhook without address and secret": (
        changed("[bureau]", '[telegram]\nmode = "webhook"\nwebhook_url = "http://example.org"\n[bureau]'),
        [
            "第 3 行 telegram.webhook_url：mode 是 webhook 时必须填写，且以 https:// 开头",
            f"第 1 行 telegram.webhook_secret：{NO_SECRET}",
        ],
    ),
    "a webhook on a port that Telegram does not send to": (
        changed(
            "[bureau]",
            '[telegram]\nmode = "webhook"\nwebhook_url = "https://example.org:8080/hook"\nwebhook_secret = "0123456789_0123456789-0123456789"\n[bureau]',
        ),
        [
            "第 3 行 telegram.webhook_url：Telegram 只往 443、80、88、8443 端口送，请改用其中一个；不写端口就是 443",
        ],
    ),
    "a webhook on a port that there is none of": (
        changed(
            "[bureau]",
            '[telegram]\nmode = "webhook"\nwebhook_url = "https://example.org:x"\nwebhook_secret = "0123456789_0123456789-0123456789"\n[bureau]',
        ),
        [
            "第 3 行 telegram.webhook_url：Telegram 只往 443、80、88、8443 端口送，请改用其中一个；不写端口就是 443",
        ],
    ),
    "a webhook's secret with signs": (
        changed(
            "[bureau]",
            '[telegram]\nmode = "webhook"\nwebhook_url = "https://example.org"\nwebhook_secret = "密语!"\n[bureau]',
        ),
        [f"第 4 行 telegram.webhook_secret：{NO_SECRET}"],
    ),
    "a webhook's secret that is short": (
        changed(
            "[bureau]",
            '[telegram]\nmode = "webhook"\nwebhook_url = "https://example.org"\nwebhook_secret = "0123456789_0123456789-012345678"\n[bureau]',
        ),
        [f"第 4 行 telegram.webhook_secret：{NO_SECRET}"],
    ),
    "a document's code twice": (
        SMALL + FILING + FILING,
        ["第 42 行 filing[1].code：代码“rules”与 filing[0] 重复，每种文件要有自己的代码"],
    ),
    "a document that nobody files": (
        SMALL + changed('by = "office"\n', "", FILING),
        [f"第 36 行 filing[0]：{ONE_OF}"],
    ),
    "a document that two file": (
        SMALL + FILING + 'units = ["dongmen"]\n',
        [f"第 36 行 filing[0]：{ONE_OF}"],
    ),
    "a document of an unknown unit": (
        SMALL + changed('by = "office"', 'units = ["dongmen", "ximen"]', FILING),
        ["第 39 行 filing[0].units[1]：没有代码是“ximen”的单位，请核对 [[unit]] 的 code"],
    ),
    "a document of an unknown category": (
        SMALL + changed('by = "office"', 'categories = ["派出锁"]', FILING),
        ["第 39 行 filing[0].categories[0]：没有“派出锁”这个类别，现有：派出所"],
    ),
}


@pytest.mark.parametrize(("text", "lines"), BETWEEN.values(), ids=BETWEEN.keys())
def test_what_does_not_fit_together_is_told_where_it_stands(problems, text, lines):
    assert problems(text) == lines


def test_a_unit_may_be_called_like_a_sequence(read):
    assert read(changed('"中心所"', '"派出所第一序列"')).unit[0].aliases == ("派出所第一序列",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('[[sequence]]\nname = "派出所', '[[sequence]]\nnome = "派出所'),
        ('categories = ["派出所"]', 'categoris = ["派出所"]'),
        ('[[category]]\nname = "派出所"', "[[category]]\nname = 3"),
    ],
)
def test_a_broken_table_does_not_make_the_units_look_lost(problems, old, new):
    second = '\n[[sequence]]\nname = "二"\n[[group]]\nname = "二组"\ncategories = ["二类"]\n'
    second += DATED.format("").replace("派出所", "二类")
    assert len(problems(changed(old, new) + second)) == 1


# Warnings, and what serving needs


def test_a_category_without_a_scheme_and_an_empty_sequence_are_warnings(read):
    text = changed('["派出所"]', '["派出所", "机关科室"]')
    text = changed("[[unit]]", '[[sequence]]\nname = "机关第一序列"\n\n[[unit]]', text)
    text += THIRD.replace('category = "派出所"', 'category = "机关科室"')
    config = read(changed("[bureau]", "[people]\nadmins = [7]\n[bureau]", text))
    assert [str(warning) for warning in warnings_of(config)] == [
        "category：类别“机关科室”没有计分表，这一类单位不能扣分也没有成绩",
        "sequence[1]：序列“机关第一序列”里没有单位",
    ]


def scheme_of_indicators(items: int, criteria: int) -> str:
    """A second category whose first item has so many criteria, beside so many other items of a point each."""
    lines = ['\n[[category]]\nname = "机关科室"', f'[[category.item]]\nname = "首项"\npoints = {100 - items}']
    lines += [f'[[category.item.criterion]]\ncode = "1.{n}"\ntext = "x"\npoints = 1' for n in range(criteria)]
    lines += [f'[[category.item]]\nname = "项目{n}"\npoints = 1' for n in range(items)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("items", "criteria", "told"),
    [
        (29, 0, []),
        (0, 30, []),
        (10, 20, []),
        (30, 0, ["31 项指标"]),
        (10, 21, ["31 项指标"]),
    ],
)
def test_more_than_thirty_indicators_are_a_warning(read, items, criteria, told):
    text = changed('["派出所"]', '["派出所", "机关科室"]') + scheme_of_indicators(items, criteria)
    config = read(changed("[bureau]", "[people]\nadmins = [7]\n[bureau]", text))
    found = warnings_of(config)
    assert [warning.path for warning in found] == ["category[1]"] * len(told)
    assert all(words in str(warning) for words, warning in zip(told, found, strict=True))


@pytest.mark.parametrize(("written", "allowed"), [("", True), ("true", True), ("false", False)])
def test_ranking_by_a_single_item_is_allowed_unless_the_config_forbids_it(read, written, allowed):
    section = f"[ranking]\nsingle_items = {written}\n" if written else ""
    assert read(changed("[bureau]", f"{section}[bureau]")).policy.single_items is allowed


def test_serving_needs_a_token_and_the_trial_does_not(read):
    assert [problem.path for problem in problems_to_run(read(SMALL))] == ["telegram.token"]
    assert problems_to_run(read(SMALL, {"KAOPING_TELEGRAM__TOKEN": TOKEN})) == []


# All at once


def test_ten_faults_are_ten_lines(problems):
    text = changed('name = "江城市公安局"', 'name = ""\ntimezone = "Mars"')
    text = changed("97.5", "97", text)
    text = changed('"chengguan"', '"城关"', text)
    text = changed(
        "[[unit]]", '[logging]\nlevel = "LOUD"\n[people]\nadmins = [0]\n[database]\nurl = "x"\n[[unit]]', text
    )
    text = changed('name = "东门派出所"\n', 'name = "东门派出所"\nalias = ["东门"]\n', text)
    text += THIRD.replace("第一序列", "第九序列") + THIRD.replace("third", "fourth")
    assert [line.split("：")[0].split(" ")[-1] for line in problems(text)] == [
        "bureau.name",
        "bureau.timezone",
        "database.url",
        "people.admins[0]",
        "unit[0].code",
        "unit[1].alias",
        "logging.level",
        "category[0].item",
        "unit[3].name",
        "unit[2].sequence",
    ]


# The file itself


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[bureau]\nname = 江城\n", "第 2 行第 8 个字符附近"),
        ('[bureau]\nname = "江城\n', "第 2 行第 11 个字符附近"),
        ('[bureau]\nname = "a"\nname = "b"\n', "第 3 行第 11 个字符附近"),
        ("[bureau]\nname = [", "文件末尾附近"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_its_line_and_column(problems, text, where):
    assert problems(text) == [f"{where}写法不对。文字要加英文引号，[ ] 要成对，一个键只能写一次"]


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "x = " + "9" * 5000])
def test_a_file_made_to_break_the_reader_is_told_like_any_other(problems, text):
    assert len(problems(text)) == 1


def test_a_file_that_is_not_there_says_what_to_do(tmp_path):
    with pytest.raises(ConfigInvalid) as invalid:
        load(tmp_path / "config.toml", {})
    assert "没有找到" in str(invalid.value.problems[0])


def test_a_folder_and_another_encoding_are_told(tmp_path):
    with pytest.raises(ConfigInvalid) as invalid:
        load(tmp_path, {})
    assert "读不了" in str(invalid.value.problems[0])
    (tmp_path / "gbk.toml").write_text(SMALL, encoding="gbk")
    with pytest.raises(ConfigInvalid) as invalid:
        load(tmp_path / "gbk.toml", {})
    assert "UTF-8" in str(invalid.value.problems[0])


def test_the_mark_that_windows_puts_in_front_does_no_harm(read):
    assert read("\ufeff" + SMALL).bureau.name == "江城市公安局"


def test_an_empty_file_lacks_what_must_be_there(problems):
    assert problems("") == [f"{key}：缺这一项，必须填写" for key in ("bureau", "group", "sequence", "unit")]


def test_lines_are_found_by_path_through_lists_of_lists():
    lines = line_numbers(SMALL + DATED.format("years = [2027]"))
    source = (SMALL + DATED.format("years = [2027]")).splitlines()
    assert source[lines["category[0].item[1].points"] - 1] == 'points = "2.50"'
    assert source[lines["category[1].item[0].points"] - 1] == "points = 100"
    assert source[lines["unit[1]"] - 1] == "[[unit]]"
    assert source[lines["bureau.name"] - 1].startswith("name")


# The environment


def test_the_environment_goes_before_the_file(read):
    config = read(
        SMALL,
        {
            "KAOPING_BUREAU__NAME": "临江市公安局",
            "KAOPING_TELEGRAM__TOKEN": TOKEN,
            "KAOPING_PEOPLE__ADMINS": "[11, 12]",
            "KAOPING_RETENTION__INBOX_DAYS": "7",
            "kaoping_logging__level": "DEBUG",
            "KAOPING_CALENDAR__QUARTER_DEADLINES": '["3-1", "6-1", "9-1", "12-1"]',
            "KAOPING_SEQUENCE": json.dumps([{"name": "派出所第一序列", "aliases": ["甲"]}]),
        },
    )
    assert config.bureau.name == "临江市公安局"
    assert config.bureau.timezone == "Asia/Shanghai"
    assert config.telegram.token.get_secret_value() == TOKEN
    assert config.people.admins == (11, 12)
    assert config.retention.inbox_days == 7
    assert config.logging.level == "DEBUG"
    assert config.calendar.quarter_deadlines[0] == "3-1"
    assert config.sequence[0].aliases == ("甲",)


def test_without_a_file_the_environment_can_say_it_all():
    config = load(
        None,
        {
            "KAOPING_BUREAU__NAME": "江城市公安局",
            "KAOPING_GROUP": '[{"name": "一组", "categories": ["派出所"]}]',
            "KAOPING_CATEGORY": '[{"name": "派出所", "item": [{"name": "甲", "points": 99.9},'
            '{"name": "乙", "points": 0.1}]}]',
            "KAOPING_SEQUENCE": '[{"name": "一序列"}]',
            "KAOPING_UNIT": '[{"code": "a", "name": "甲所", "category": "派出所", "sequence": "一序列"}]',
        },
    )
    assert config.organisation.schemes[0].total == 100


def test_the_process_own_environment_is_read_where_no_other_is_given(tmp_path, monkeypatch):
    path = tmp_path / "config.toml"
    path.write_text(SMALL, encoding="utf-8")
    monkeypatch.setenv("KAOPING_BUREAU__NAME", "临江市公安局")
    assert load(path).bureau.name == "临江市公安局"
    assert load(path, {}).bureau.name == "江城市公安局"


FORM = '写法不对。一组值写成 [1, 2]，一张表写成 {"name": "…"}，都用英文标点'


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("KAOPING_TELEGRAM__TOKN", "x", "没有这一项，是不是想写 KAOPING_TELEGRAM__TOKEN"),
        ("KAOPING_TELEGRM__TOKEN", "x", "没有这一项，是不是想写 KAOPING_TELEGRAM__TOKEN"),
        ("KAOPING_BUREAU__NAME__X", "x", "没有这一项"),
        ("KAOPING_XYZ", "x", "没有这一项"),
        ("KAOPING_PEOPLE__ADMINS", "一二", FORM),
        ("KAOPING_PEOPLE__ADMINS", "", "应是一组值，写在 [ ] 里"),
        ("KAOPING_PEOPLE__ADMINS", "123", "应是一组值，写在 [ ] 里"),
        ("KAOPING_PEOPLE__ADMINS", "[" * 100_000, FORM),
        ("KAOPING_BUREAU", "江城", FORM),
        ("KAOPING_TELEGRAM__TOKEN", "123:abc", BAD_TOKEN),
        ("KAOPING_RETENTION__INBOX_DAYS", "两天", "应是整数"),
    ],
)
def test_a_fault_of_a_variable_is_told_by_its_name(problems, name, value, line):
    assert problems(SMALL, {name: value}) == [f"环境变量 {name}：{line}"]


def test_every_faulty_variable_is_told_beside_the_files_faults(problems):
    told = problems(
        changed("97.5", "90"), {"KAOPING_PEOPLE__ADMINS": "x", "KAOPING_BUREAU": "x", "KAOPING_A": "1"}
    )
    assert len(told) == 4


def test_what_the_tests_ask_of_a_machine_is_no_misspelt_key(read):
    assert read(SMALL, {"KAOPING_REQUIRE_BROWSER": "1", "HOME": "/"}).bureau.name


def test_a_secret_from_the_environment_counts_though_the_file_has_other_faults(problems):
    text = changed("97.5", "90")
    text = changed(
        "[bureau]", '[telegram]\nmode = "webhook"\nwebhook_url = "https://example.org"\n[bureau]', text
    )
    told = problems(text, {"KAOPING_TELEGRAM__WEBHOOK_SECRET": "0123456789" * 4})
    assert told == ["第 11 行 category[0].item：派出所各项合计 92.5 分，应是 100 分，少了 7.5 分"]


# Secrets


def test_a_config_shows_no_secret_of_its_own(read):
    text = changed(
        "[bureau]",
        f'[telegram]\ntoken = "{TOKEN}"\nwebhook_secret = "geheim"\nproxy_url = "http://a:geheim@127.0.0.1:1"\n'
        '[database]\nurl = "postgresql+asyncpg://a:geheim@localhost/b"\n[bureau]',
    )
    config = read(text)
    for seen in (repr(config), str(config), repr(config.telegram), repr(config.database)):
        assert SECRET not in seen
        assert "geheim" not in seen


@pytest.mark.parametrize(
    "line",
    [
        'token = "{0} x"',
        "token = {0}",
        'token = "{0}',
        'token = ["{0}"]',
        '"{0}" = 1',
        'mode = "{0}"',
        'base_url = "{0}"',
        'webhook_listen = "{0}"',
        'token = "{0}"\nmode = 1',
        'token = "{0}"\ntoken = "{0}"',
    ],
)
def test_no_fault_shows_the_token_wherever_it_stands(problems, line):
    for told in problems(changed("[bureau]", f"[telegram]\n{line.format(TOKEN)}\n[bureau]")):
        assert SECRET not in told


@pytest.mark.parametrize("name", ["KAOPING_BUREAU__TIMEZONE", "KAOPING_PEOPLE__ADMINS", "KAOPING_TELEGRAM"])
@pytest.mark.parametrize("value", [TOKEN, SECRET, f'["{TOKEN}"]'])
def test_no_fault_shows_a_token_that_slipped_into_another_variable(problems, name, value):
    told = problems(SMALL, {name: value})
    assert all(SECRET not in line for line in told)


def test_the_exception_itself_carries_no_secret(read):
    with pytest.raises(ConfigInvalid) as invalid:
        read(changed("[bureau]", f'[telegram]\ntoken = "{TOKEN}"\nx = 1\n[bureau]\ntimezone = "{TOKEN}"'))
    error: BaseException | None = invalid.value
    while error is not None:
        assert SECRET not in f"{error} {error!r} {error.args}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


# Whatever is done to a file

TEXT = EXAMPLE.read_text(encoding="utf-8").replace('token = ""', f'token = "{TOKEN}"')
PIECES = [
    "=",
    "[",
    "]",
    "[[",
    '"',
    "'",
    "\n",
    "{",
    "}",
    "#",
    "\\u0000",
    "\t",
    "0",
    "-1",
    "nan",
    "true",
    "派出所",
    "_",
    ".",
]


def _cut(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text))
    return text[:start] + text[start + chance.randrange(1, 60) :]


def _insert(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice([*PIECES, chance.choice(string.printable)]) + text[at:]


def _swap_lines(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def _swap_values(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    one, other = (chance.choice([i for i, line in enumerate(lines) if " = " in line]) for _ in range(2))
    (a, _, x), (b, _, y) = lines[one].partition(" = "), lines[other].partition(" = ")
    lines[one], lines[other] = f"{a} = {y}", f"{b} = {x}"
    return "\n".join(lines)


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 2**32), times=st.integers(1, 6))
def test_whatever_is_done_to_a_file_only_problems_come_of_it_and_no_token(tmp_path_factory, seed, times):
    chance = random.Random(seed)
    text = TEXT
    for _ in range(times):
        text = chance.choice([_cut, _insert, _swap_lines, _swap_values])(text, chance)
    path = tmp_path_factory.getbasetemp() / "corrupted.toml"
    path.write_text(text, encoding="utf-8")
    try:
        told = repr(load(path, {}))
    except ConfigInvalid as invalid:
        assert invalid.problems
        assert all(isinstance(problem, Problem) and problem.message for problem in invalid.problems)
        told = "\n".join(str(problem) for problem in invalid.problems)
    assert not any(SECRET[at : at + 18] in told for at in range(len(SECRET) - 17))
