"""Plain words that ask for a score, a place or a record: 城关所成绩, 派出所一序列, 年度排名, 城关所排第几？"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from rules.calendar import Quarter
from rules.reading.row import Row
from rules.reading.text import as_read
from rules.reading.tokens import Scanner, Token
from rules.reading.vocabulary import Kind, Vocabulary


class Topic(Enum):
    """What is asked for; the value is the name of the command that answers it."""

    SCORE = "score"
    RANK = "rank"
    TREND = "trend"
    LOG = "log"
    WHY = "why"
    HEAT = "heat"
    LOSSES = "losses"
    COMPARE = "compare"
    PROGRESS = "progress"
    MINE = "mine"
    APPEAL = "appeal"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Question:
    """A topic, and the words that its command takes: names, period and day as typed."""

    topic: Topic
    words: str
    bare: bool = False
    """Names alone were said, and not what of them is asked."""


_TOPICS = (
    (Topic.WHY, "扣分情况|失分情况|为什么扣分?|扣在哪里?|(?:一共|共)?扣了?(?:几|多少)分?|扣了?哪些分?"),
    (Topic.LOG, "扣分记录|扣分明细|明细账?|记录"),
    (Topic.HEAT, "失分分布|扣分分布|分布"),
    (Topic.LOSSES, "失分"),
    (Topic.RANK, "排行榜?|排名榜?|名次|排第几名?|第几名?|排序|排在?第?几名?"),
    (Topic.TREND, "走势图?|趋势图?|变化"),
    (Topic.COMPARE, "对比|比较|比一?比"),
    (Topic.PROGRESS, "进度"),
    (Topic.MINE, "我的?登记的?|我记的"),
    (Topic.APPEAL, "申诉"),
    (Topic.HELP, "怎么用|怎么使用|使用说明|使用帮助|帮助|菜单|功能|能做什么"),
    (Topic.SCORE, "成绩单?|考核成绩|考核分数?|总分|得分|分数|(?:得了?|有)?多少分|(?:得了?)?几分"),
)
"""What is asked for, the longer ways to say it before those that they begin with."""

_OF_NAMES = re.compile("怎么样|怎样|如何|情况|分")
"""What asks for a score, behind a name only."""

_TOPIC = re.compile("|".join(f"(?P<{topic.name}>{words})" for topic, words in _TOPICS))
FILLING = Row(
    "请问 请 麻烦 帮我 帮忙 给我 我要 我想 想 要 看看 看一下 看下 看 查看 查询 查一下 查下 查查 查 问一下 知道 一下 "
    "的 是 在 有 现在 目前 考核 本单位 全部 所有 各单位 多少 呢 吧 吗 啊 呀 了 情况 和 与 跟",
    r"[、\s,，。.!！?？:：~～]",
)
_AS_OF = re.compile("截[至止]到?")
_NAMES = frozenset({Kind.UNIT, Kind.SEQUENCE, Kind.ITEM})
_SAID = _NAMES | {Kind.QUARTER, Kind.DAY}


def read_question(text: str, vocabulary: Vocabulary, running: Quarter, today: date) -> Question | None:
    """What plain words ask for; None where a sign of them is none of a question's, or nothing is asked."""
    whole = as_read(text)
    tokens = [t for t in Scanner(whole, vocabulary, running, today).tokens() if t.kind in _SAID]
    left = list(whole.plain)
    for token in tokens:
        left[token.start : token.end] = " " * (token.end - token.start)
    rest = "".join(left)
    days = [token for token in tokens if token.kind is Kind.DAY]
    if days:
        rest, counted = _AS_OF.subn(" ", rest)
        if len(days) > 1 or counted != 1:
            return None
    units, sequences, items = (_of(tokens, kind) for kind in (Kind.UNIT, Kind.SEQUENCE, Kind.ITEM))
    groups = [word for word in _TOPIC.sub(" ", rest).split() if vocabulary.groups.known(word)]
    for word in groups:
        rest = rest.replace(word, " ", 1)
    topics, rest = _topics(rest)
    if units or sequences:
        rest, counted = _OF_NAMES.subn(" ", rest) if not topics else (rest, 0)
        topics = topics or ([Topic.SCORE] if counted else [])
    if FILLING.end(rest) != len(rest) or len(items) > 1 or len(groups) > 1:
        return None
    topic = _topic(topics, len(units), len(sequences), bool(items), bool(groups))
    if topic is None:
        return None
    said = [*(whole.words(t.start, t.end).strip() for t in tokens if t.kind is not Kind.DAY), *groups]
    said += [f"截至 {whole.words(t.start, t.end).strip()}" for t in days]
    return Question(topic, " ".join(said), bare=not topics)


def _of(tokens: list[Token], kind: Kind) -> list[Token]:
    return [token for token in tokens if token.kind is kind]


def _topics(text: str) -> tuple[list[Topic], str]:
    """The topics that are named, and the text without them."""
    found = [Topic[match.lastgroup] for match in _TOPIC.finditer(text) if match.lastgroup is not None]
    return list(dict.fromkeys(found)), _TOPIC.sub(" ", text)


def _topic(topics: list[Topic], units: int, sequences: int, item: bool, group: bool) -> Topic | None:
    """What is asked of so many names; None where that is not clear."""
    if len(topics) > 1:
        # 成绩排名, 得分明细: the last word says what the first is wanted as.
        topics = topics[-1:]
    topic = topics[0] if topics else None
    if topic is Topic.HELP:
        return None if units or sequences or item or group else topic
    if group:
        return Topic.PROGRESS if topic in (None, Topic.PROGRESS) and units == sequences == 0 else None
    if units > 1:
        return (
            Topic.COMPARE if topic in (None, Topic.SCORE, Topic.COMPARE) and not (item or sequences) else None
        )
    if sequences > 1 or (sequences and units):
        return None
    if topic is None:
        return None if item else Topic.SCORE if units else Topic.RANK if sequences else None
    if item and topic is Topic.SCORE:
        return Topic.WHY
    if sequences:
        return _OF_SEQUENCES.get(topic, topic)
    return topic


_OF_SEQUENCES = {
    Topic.SCORE: Topic.RANK,
    Topic.WHY: Topic.LOSSES,
    Topic.LOG: Topic.LOSSES,
    Topic.COMPARE: Topic.RANK,
    Topic.TREND: Topic.RANK,
}
"""What is answered of a sequence where something was asked that only a unit has."""
