"""Words and chart of a ranking by a single item."""

from charts.values import RankingChart, RankingRow
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.reply import esc
from handlers.reports import surveys_text
from handlers.reports.surveys import Scored
from rules.bureau import Bureau, Sequence
from rules.grid import ItemPlaces


def ask(item: str) -> str:
    """Which sequence?"""
    return f"看哪个序列的{esc(item)}排名？"


def nothing(name: str, chosen: Chosen) -> str:
    """No unit of the sequence has the item."""
    return f"<b>{esc(name)}</b>　{wording.period(chosen.period)}：这个序列的计分表没有这一项，没有排名。"


def head(sequence: Sequence, item: str, places: ItemPlaces, scored: Scored, bureau: Bureau) -> str:
    """What the ranking is by, how final, and what is not in it."""
    lines = surveys_text.head(f"{sequence.name}　{item}", scored, bureau)
    lines.append(f"只按{esc(item)}一项排，不是总成绩的名次")
    without = [unit.name for unit, _ in scored.scores if unit.code not in {u.code for u, _, _ in places}]
    if without:
        lines.append(f"计分表没有这一项、未排名：{esc('、'.join(without))}")
    return "\n".join(lines)


def places(places: ItemPlaces) -> str:
    """Every unit with its place and what is left of the item."""
    means = wording.means([standing.score for _, standing, _ in places])
    return "\n".join(
        f"{standing.place}. {esc(unit.name)}　<b>{mean}</b>{'（并列）' if standing.shared else ''}"
        for (unit, standing, _), mean in zip(places, means, strict=True)
    )


def all_places(sequence: Sequence, item: str, found: ItemPlaces, chosen: Chosen) -> str:
    """The places as an answer of their own."""
    return f"<b>{esc(sequence.name)}</b>　{wording.period(chosen.period)}　{esc(item)}\n\n{places(found)}"


def chart(sequence: Sequence, item: str, places: ItemPlaces, scored: Scored, bureau: Bureau) -> RankingChart:
    """The bars, best on top."""
    means = wording.means([standing.score for _, standing, _ in places])
    return RankingChart(
        frame=surveys_text.frame(_title(sequence, item, places), scored, bureau),
        items=(item,),
        rows=tuple(
            RankingRow(
                place=str(standing.place),
                shared=standing.shared,
                unit=unit.name,
                score=mean,
                total=surveys_text.drawn(standing.score),
                lost=(surveys_text.drawn(lost),),
            )
            for (unit, standing, lost), mean in zip(places, means, strict=True)
        ),
    )


def _title(sequence: Sequence, item: str, places: ItemPlaces) -> str:
    first = [unit.name for unit, standing, _ in places if standing.place == 1]
    if len(first) == len(places) > 1:
        return f"{sequence.name}{item}：各单位同分"
    if len(first) > 1:
        return f"{sequence.name}{item}：{len(first)} 个单位并列第一"
    return f"{sequence.name}{item}：{first[0]}第一"
