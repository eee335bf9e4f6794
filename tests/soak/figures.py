"""What the long runs found: each is kept as a line of JSON, and the table of docs/reliability.md is made from the lines.

python -m tests.soak.figures             puts the table into docs/reliability.md
"""

import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
KEPT = Path(__file__).with_name("record.jsonl")
"""The runs whose figures stand in the table; a run adds to it where KAOPING_SOAK_RECORD names it."""
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"

RUNS: dict[str, tuple[str, str]] = {
    "kills": (
        "反复 kill -9（轮询收消息）",
        "KAOPING_SOAK_UPDATES=10000 KAOPING_SOAK_KILLS=200 make soak-kills",
    ),
    "kills by webhook": ("反复 kill -9（webhook 收消息）", "同上"),
    "pushes killed": ("成批的推送正在发出，反复 kill -9", "同上"),
    "company": (
        "两个进程，轮流 kill -9 或冻结 7–12 秒",
        "KAOPING_SOAK_UPDATES=10000 KAOPING_SOAK_FAULTS=100 make soak-company",
    ),
    "taken over": (
        "两个进程之一被 kill -9，六个聊天各有一条在办",
        "同上",
    ),
    "taken over from a frozen one": ("两个进程之一被冻结，六个聊天各有一条在办", "同上"),
    "stopped": (
        "办着的时候正常停止（SIGTERM），再启动",
        "KAOPING_SOAK_UPDATES=10000 KAOPING_SOAK_KILLS=200 make soak-kills",
    ),
    "full disk": (
        "数据库和证据所在的磁盘写满再腾空",
        "KAOPING_SOAK_UPDATES=2000 KAOPING_SOAK_FAULTS=20 make soak-faults",
    ),
    "locked": ("数据库被别的程序锁住 12 秒", "同上"),
    "turn taken": ("别的会话占住写入的次序 12 秒", "同上"),
    "gone": ("数据库服务器崩溃，8 秒后恢复", "同上"),
    "nothing written": ("8 秒内每次写盘都失败", "同上"),
    "folder away": ("数据库文件夹 8 秒内不在原处", "同上"),
    "bad line": ("每四次请求坏一次：429、5xx、不是 JSON、没有回音、办了但断线", "同上"),
    "old updates": ("消息重复送来、旧的后到、各聊天次序打乱", "同上"),
    "wrong clock": ("时钟快慢几小时、几天、一年，再调回", "KAOPING_SOAK_DAYS=365 make soak-faults"),
    "hostile": ("恶意和残缺的消息，夹着正常的登记", "KAOPING_SOAK_MESSAGES=100000 make soak-hostile"),
}
"""Each run by its key: what happens, and the command by which its figures are had."""

WORDS = {
    "lost": "丢失", "doubled": "重复登记", "out of order": "乱序", "unanswered": "未答复", "unmarked repeats": "重发未注明",
    "files lost": "证据丢失", "notices lost": "通知丢失", "notices doubled": "通知重复", "reminders missed": "提醒漏发",
    "reminders doubled": "提醒重复", "in a wrong quarter": "记错季度", "not sent": "推送未发", "not done": "未办完", "faults": "处理出错",
}  # fmt: skip
"""What must not be, and is counted."""

LENGTHS = {
    "updates": "{:,} 笔登记",
    "messages": "{:,} 条",
    "days": "{:,} 天",
    "kills": "{:,} 次",
    "times": "{:,} 次",
}
"""How long a run was."""


def length(name: str, usual: int) -> int:
    """How long a run is to be: KAOPING_SOAK_<NAME>, or as usual."""
    return int(os.environ.get(f"KAOPING_SOAK_{name}", usual))


def databases() -> list[bool]:
    """On which databases the runs take place, as `on_server`: KAOPING_SOAK_DATABASE, else both."""
    wanted = os.environ.get("KAOPING_SOAK_DATABASE", "sqlite,postgresql").split(",")
    return [on_server for name, on_server in (("sqlite", False), ("postgresql", True)) if name in wanted]


def record(
    run: str, result: Mapping[str, int], *, on_server: bool, begun: float, **lengths: int
) -> dict[str, Any]:
    """Print what a run found, and keep it where KAOPING_SOAK_RECORD says; `begun` is by time.monotonic."""
    line = {
        "run": run,
        "database": POSTGRESQL if on_server else SQLITE,
        "seconds": round(time.monotonic() - begun),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "length": lengths,
        "result": dict(result),
    }
    text = json.dumps(line, ensure_ascii=False)
    print(text)  # noqa: T201  the figures are what the run is for
    path = os.environ.get("KAOPING_SOAK_RECORD")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    return line


def table(lines: list[dict[str, Any]]) -> str:
    """The newest figures of each run on each database."""
    newest = {(line["run"], line["database"]): line for line in lines}
    rows = [
        f"| 发生什么 | {SQLITE} | {POSTGRESQL} | 怎样得到 |",
        "|---|---|---|---|",
        *(
            f"| {what} | {_cell(newest.get((run, SQLITE)))} | {_cell(newest.get((run, POSTGRESQL)))} | "
            f"{command if command == '同上' else f'`{command}`'} |"
            for run, (what, command) in RUNS.items()
        ),
    ]
    days = sorted({line["at"][:10] for line in newest.values()})
    when = " 至 ".join(dict.fromkeys([days[0], days[-1]])) if days else "还没有跑"
    return "\n".join([*rows, "", f"数字取自 {when} 的运行。“—”是没有跑，或在那种数据库上不会发生。"])


def _cell(line: dict[str, Any] | None) -> str:
    if line is None:
        return "—"
    result = line["result"]
    long = "，".join(LENGTHS[name].format(value) for name, value in line["length"].items() if name in LENGTHS)
    wrong = "，".join(f"{WORDS[name]} {result[name]}" for name in WORDS if result.get(name))
    counted = "、".join(word for name, word in WORDS.items() if name in result)
    found = f"**{wrong}**" if wrong else f"{counted}都是 0"
    marked = "" if result.get("unmarked repeats") else "，都注明"
    again = f"；重发 {result['repeats']}{marked}" if result.get("repeats") else ""
    slowest = f"；最慢 {result['slowest ms'] / 1000:.1f} 秒" if "slowest ms" in result else ""
    return f"{long}，{max(1, round(line['seconds'] / 60))} 分钟：{found}{again}{slowest}"


def read(path: Path) -> list[dict[str, Any]]:
    """The lines that were kept, in their order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def put_in(page: str, lines: list[dict[str, Any]]) -> str:
    """The page with the table in its place."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{table(lines)}\n\n{END}{after}"


def main() -> None:
    """Put the figures of the record into the page."""
    PAGE.write_text(put_in(PAGE.read_text(encoding="utf-8"), read(KEPT)), encoding="utf-8")


if __name__ == "__main__":
    main()
