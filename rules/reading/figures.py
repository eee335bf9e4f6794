"""Numbers in a line, with what marks them: the points of 扣2分, the count of 3家, the times of x3."""

import re
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from rules.numbers import HALF, LONGEST, NUMERALS, read_number

COUNTERS = (
    "人次", "户次", "台次", "车次", "公里", "分钟", "小时", "平方", "个月", "平米", "厘米", "毫米",
    *"次处起件家卷份户人名条项本台辆天年例宗张页笔遍回场个只支把套册簿块米元岁栋间层届期级类种部段艘头枚副盒瓶箱袋支组队桩月周号日楼所路点时秒度米吨克桌床床门口",
)  # fmt: skip
"""What things are counted by."""

TIMES_COUNTERS = frozenset("次处起件")
"""What any criterion's findings are counted by."""

NO_COUNTERS = (
    "周一", "周二", "周三", "周四", "周五", "周六", "周日", "周末",
    "台账", "台帐", "人员", "人口", "人民", "人证", "人像", "次日", "次数", "件数", "处理", "处置", "处罚", "处警", "处所", "处分", "处突", "起诉", "起草",
    "卷宗", "卷内", "家庭", "家属", "家访", "户籍", "户口", "户政", "户主", "条例", "条件", "项目", "本职", "本月", "本所", "本人", "本单", "本年", "本季",
    "天网", "天眼", "张贴", "名单", "名册", "年度", "年终", "年底", "年初", "月度", "月报", "日常", "日志", "日报", "号牌", "号码", "部分", "部门", "部署",
    "场所", "场地", "回访", "回复", "回执", "期限", "期间", "点名", "点位", "组织", "组长", "把关", "笔录", "例会", "例行", "支部", "支队", "队伍", "队列",
    "队员", "车辆", "级别", "类别", "类似", "套牌", "段落", "部件", "头盔", "层级", "路口", "路段", "路面", "所队", "所内", "所长", "门牌", "门卫", "门岗",
    "口头", "口供", "时间", "时限", "时效", "度量", "个别", "个人", "间隔", "周边", "周报", "周密", "间断", "只有", "只是", "把握", "次次", "米面", "件件",
    "页码", "册子", "点评", "期末", "级差", "本次", "部门",
)  # fmt: skip
"""Words that begin like a counter and are none: in 2台账缺失 nothing is counted."""

_LEAD = re.compile(
    r"(?P<each>每(?:处|次|件|起|家|卷|份|户|人|项|条|个|本|册|张|台|辆|名|例|页|间|栋|天))?"
    r"(?P<before>(?:应该|应当|应|需要|需|要|拟|被|倒|予以|给予|共计|合计|总共|一共|总计|共|各自|各|均|都|分别|再|只|先|也){0,6})[ ]*"
    r"(?P<verb>扣分值?|扣除|扣掉|扣去|扣减|扣罚|扣了|扣|减去|减掉|减了|减分|减|罚分|罚|登记|记|加分|加了|加|奖励|奖|增加)?(?:了)?[ ]*[::]?[ ]*"
    r"(?P<sign>[-+]{0,2})[ ]*"
)
_ARABIC = re.compile(r"(?:\d+(?:\.\d+)*\.?|\.\d+)", re.ASCII)
_CHINESE = re.compile(f"[{NUMERALS}]+")
_VAGUE = re.compile(r"几十?|若干|多少|[多数](?=[次处起件家卷份户人名条项本])")
_FEN = re.compile(r"[ ]*分(?!钟|之|局|队(?!伍)|\d)(?P<half>半)?")
_BEGUN = frozenset("别析类工配管布散级流段期组发区头辨")
"""What 分 makes a word with: 1 分别记录."""
_HALF = re.compile(r"[ ]*(?:分|个)半(?:分)?")
_JOINED = re.compile(
    r"(?:(?<![1-9])0)?[,，、。]\d(?!\d?[ ]*[次处起件家卷份户人名条本])|[ ]*(?:-{1,2}|~|至|到|或者?|,|、)[ ]*[\d一二两三四五六七八九十半]+(?:\.\d+)?[ ]*分|(?:-|~|至|到|或)[ ]*[\d一二两三四五六七八九十半]"
    r"|分\d|(?<!\d)分[一二三四五六七八九]|[ ]*分[ ]*(?:/[ ]*[次处起件家卷份户人项条个]|每)|[ ]*分[ ]*(?:-{1,2}|~|至|到|或者?|还是)[ ]*[\d一二两三四五六七八九十半]|[/⁄][ ]*\d|[ ]*%|[ ]*[½⅓⅔¼¾⅛⅜⅝⅞]|[ ]*分?[ ]*(?:左右(?!邻)|上下(?![级班])|以上(?!级)|以下(?![人级情内问])|以内|起步|多分|不到(?=[\s,，。]|$))|分之|[ ]*\+",
)
_NOT_DONE = re.compile(r"(?:未|没|没有|不|漏|无|忘)登?$")
_COUNTING = frozenset(word[0] for word in COUNTERS)
_ABOUT = (
    "大概",
    "大约",
    "约",
    "差不多",
    "至少",
    "最少",
    "最多",
    "不超过",
    "将近",
    "不到",
    "近",
    "顶多",
    "起码",
    "不少于",
    "不多于",
    "不低于",
    "不高于",
    "最高",
    "最低",
)
_STATE = re.compile(
    r"(?:满分|总分|剩余?|还剩|剩下|得分|(?<![记觉值该获取])得|[扣减降][到至]|累计|基础分|原分)(?:为|是|:)?$|"
    r"(?:[上前]次|[上前]回|[之以此先]前|前面|刚[才刚]|曾经?|原[来先]|早就?|已经)(?:就?已经?|就)?$"
)
"""What a unit has, or has lost so far, is not what it loses now."""
_TIMES = re.compile(rf"[x×*][ ]*(?P<n>\d{{1,4}}(?:\.\d+)?|[{NUMERALS}]{{1,3}})(?!\d)[ ]*(?:[次处起件家卷份])?")
ADDING = ("加", "奖", "增")


class Fault(Enum):
    """Why a number says nothing for sure."""

    MALFORMED = "malformed"
    """1,5 or 1分5 or 5%."""
    VAGUE = "vague"
    """两三分, 1~2分, about 1分, so much each."""
    PLUS = "plus"
    """Points are deducted only (R2)."""


class Figure(NamedTuple):
    """A number in a line, from `start` to `end`."""

    start: int
    end: int
    value: Decimal | None
    marked: bool = False
    """It is said that it is points: by 扣, 分 or a minus."""
    counter: str = ""
    """What is counted: 家."""
    parted: bool = False
    """A gap stands before the counter: 1 处 may be one point and the beginning of a word."""
    total: bool = False
    """共: of all that are named together."""
    each: bool = False
    times: bool = False
    """x3."""
    fault: Fault | None = None
    number: tuple[int, int] = (0, 0)
    """Where the number's own signs stand."""


def figure_at(text: str, place: int) -> Figure | None:
    """The number, with what is before and behind it, that begins there; None where none does."""
    times = _TIMES.match(text, place)
    if times is not None:
        count = read_number(times["n"])
        return Figure(
            place, times.end(), count, counter="x", times=True, number=times.span("n"),
            fault=None if count is not None else Fault.MALFORMED,
        )  # fmt: skip
    lead = _LEAD.match(text, place)
    assert lead is not None
    begin = lead.end()
    # A dash between words is none before a number: 台账-1 is, 台账--见附件 is not.
    value = _ARABIC.match(text, begin)
    written = _CHINESE.match(text, begin) if value is None else None
    vague = _VAGUE.match(text, begin) if value is None and written is None else None
    number = value or written or vague
    if number is None:
        return None
    if lead["verb"] in ("记", "登记") and _NOT_DONE.search(text, max(0, place - 3), place) is not None:
        # 出租屋未登记 1分: the word belongs to what was not done.
        place = number.start()
        lead = _LEAD.match(text, place)
        assert lead is not None
    return _told(text, place, lead, number)


def _told(text: str, place: int, lead: re.Match[str], number: re.Match[str]) -> Figure | None:
    verb, sign, before = lead["verb"] or "", lead["sign"], lead["before"]
    digits, end = number[0], number.end()
    if digits.endswith(".") and digits[0].isdigit():
        digits = digits[:-1]
    value = read_number(digits) if len(digits) <= LONGEST else None
    half, fen = _HALF.match(text, end), _FEN.match(text, end)
    if fen is not None and not verb and text[end] == " " and text[fen.end() : fen.end() + 1] in _BEGUN:
        fen = None
    written = not number[0][0].isdigit() and number[0][0] != "."
    joined = _JOINED.match(text, end)
    adds = verb.startswith(ADDING) or sign.startswith("+")
    marked = bool((verb and not adds and not verb.endswith("记")) or sign or fen or half)
    told = Figure(
        place, end, value, marked=marked, total=any(w in before for w in ("共", "合计", "总")),
        each=any(w in before for w in ("各", "均", "都", "分别")), number=number.span(),
    )  # fmt: skip
    if digits == "半" and verb.startswith("减") and fen is None:
        return told._replace(fault=Fault.VAGUE)  # 减半: of what there is
    if lead["each"]:
        return told._replace(end=fen.end() if fen else end, fault=Fault.VAGUE) if fen or verb else None
    if half is not None:
        told = told._replace(end=half.end(), value=None if value is None else value + HALF)
    elif joined is not None and not (written and not (fen or verb or sign)):
        return _faulty(text, told, joined)
    elif fen is not None:
        told = told._replace(end=fen.end())
    else:
        told = _counted(text, told, end, verb)
    if written and not marked and not told.counter and _word(text, number):
        return None
    if digits == "十" and fen is not None and not (verb or sign) and text[told.end : told.end + 1].isalnum():
        return None  # 十分混乱: very
    if adds and not told.counter:
        return told._replace(fault=Fault.PLUS)
    said = text[:place].rstrip()
    about = (
        said.endswith(_ABOUT) or _STATE.search(said) is not None or (told.value is None and not told.counter)
    )
    if about and (marked or not written):
        return told._replace(fault=Fault.VAGUE if written or told.value is not None else Fault.MALFORMED)
    return told._replace(start=number.start(), marked=False) if told.counter else told


def _word(text: str, number: re.Match[str]) -> bool:
    """Whether numerals are the beginning or the end of a word: 一直, 统一."""
    before = text[number.start() - 1] if number.start() else " "
    behind = text[number.end()] if number.end() < len(text) else " "
    return before.isalnum() or behind.isalnum()


def _faulty(text: str, told: Figure, joined: re.Match[str]) -> Figure:
    """The whole of 1,5 or 2~3分 or 5%, which says no number."""
    end = joined.end()
    while end < len(text) and (text[end].isdigit() or text[end] in ".%"):
        end += 1
    fen = _FEN.match(text, end)
    malformed = re.match(r"[,，。]\d|分\d|[/⁄]", joined[0]) is not None
    return told._replace(
        end=fen.end() if fen else end, value=None, fault=Fault.MALFORMED if malformed else Fault.VAGUE
    )


def _counted(text: str, told: Figure, end: int, verb: str) -> Figure:
    """The figure with what it counts, where it counts anything."""
    gap = end
    while gap < len(text) and text[gap] == " ":
        gap += 1
    if gap - end > 1 or text[gap : gap + 1] not in _COUNTING or text.startswith(NO_COUNTERS, gap):
        return told
    counter = next((word for word in COUNTERS if text.startswith(word, gap)), "")
    if not counter:
        return told
    if verb and counter == "个":
        return told._replace(end=gap + 1, fault=Fault.MALFORMED)
    return told._replace(end=gap + len(counter), counter=counter, parted=gap > end)
