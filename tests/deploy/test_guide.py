"""The guide for whoever operates it says what is so."""

import re
from pathlib import Path

from sqlmodel import SQLModel

import storage.tables  # noqa: F401  it makes the tables known

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "kaoping.service"


def test_the_unit_starts_the_program_where_the_guide_puts_it():
    text = UNIT.read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for path in ("/opt/kaoping", "/etc/kaoping/config.toml", "/etc/credstore/kaoping.telegram-token"):
        assert path in guide
    for piece in (
        "/opt/kaoping/.venv/bin/python -m bot run",
        "--config /etc/kaoping/config.toml",
        "kaoping.telegram-token",
    ):
        assert piece in text


def test_the_guide_says_of_every_table_how_long_it_is_kept():
    kept = (
        (ROOT / "docs" / "operating.md")
        .read_text(encoding="utf-8")
        .partition("## 存了什么")[2]
        .partition("\n## ")[0]
    )
    named = set(re.findall(r"`(\w+)`", kept))
    assert {table for table in SQLModel.metadata.tables if table not in named} == set()


def test_the_faults_of_the_guide_are_told_in_the_programs_own_words():
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    said = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))
    rows = re.findall(r"^\| `(.+?)` \|", guide.partition("## 常见故障")[2], re.M)
    pieces = [piece.strip() for row in rows for piece in row.split("：")[-1].split("…")]
    assert [piece for piece in pieces if len(piece) > 3 and piece not in said and piece != "verify"] == []
