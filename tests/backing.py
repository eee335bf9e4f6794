"""A bureau with all that a backup has to bring back, and everything that can be read of a database, to compare."""

import asyncio
import io
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from bot.config.load import Config
from bot.ops import backup_folder
from bot.ops.backups import make
from rules.calendar import Quarter
from rules.months import Month
from sandbox.world import Upload
from storage import backup, evidence, hash_chain, months, results, standings
from storage.database import Database
from storage.file_store import Vault
from tests import officers
from tests.conversation import OFFICES, STATIONS, Player, Post, Role, Town, _empty_database
from tests.sample_files import a_pdf

NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
FIRST = Quarter(2027, 1)
FEBRUARY = Month(2027, 2)


def picture(shade: int) -> bytes:
    """A small picture of its own."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, 0, 0)).save(out, "PNG")
    return out.getvalue()


async def town_at(folder: Path, url: str = "", *, now: datetime = NOW) -> Town:
    """A town on the database at an address, by default a SQLite file in the folder, which is made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "kaoping.db"
    if not url and not file.exists():
        file.write_bytes(await _empty_database())
    town = Town(folder, now=now)
    town._made = url or f"sqlite+aiosqlite:///{file}"  # it is given its database, and does not make one
    town.config = config_at(town, town._made, folder / "evidence")
    return await town.open()


async def lived_in(folder: Path, url: str = "") -> Town:
    """A bureau with entries, evidence, corrections, officers' months and a quarter that was confirmed."""
    town = await town_at(folder, url)
    wang = await town.assessor()
    head = await town.person("李组长", Post(Role.HEAD, group=STATIONS))
    office = await town.person("林主任", Post(Role.OFFICE))
    await town.person("高局长", Post(Role.LEADER))
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.uploads(
        Upload("现场.png", picture(1)), kind="photo", caption="/deduct 东门所 执法质量 1.5 台账缺失"
    )
    card = wang.answers()[0]
    await wang.uploads(a_pdf("x"), reply_to=card["message_id"])
    await wang.says("/deduct 西街所 打击 0.25 漏登")
    await wang.says("/correct 1 1 多扣了")
    await wang.says("/undo 3")
    await of_officers(town)
    await confirm(town, head, office)
    return town


async def of_officers(town: Town) -> None:
    """Officers with a method, an entry that stands, one that was taken back, and a mark."""
    ids = await officers.enlist(town, "chengguan", "张三", "李四", "王五")
    await officers.rule(town, "chengguan", 2027)
    await officers.take(town, ids[0], "chengguan", FEBRUARY, "执法办案", "1.5")
    await officers.reverse(town, await officers.take(town, ids[1], "chengguan", FEBRUARY, "政治学习", "1"))
    await officers.mark(town, ids[2], "chengguan", FEBRUARY, "休假")


async def confirm(town: Town, head: Player, office: Player) -> None:
    """The stations' first quarter is submitted and confirmed."""
    await head.says("/submit")
    await head.presses("全部放过")
    await head.presses("✔ 提交")
    await office.says("/lead 一季度 高局长")
    town.clock.move(days=5)
    await office.says("/confirm")
    await office.presses("✔ 审定")


def config_at(town: Town, url: str, evidence_folder: Path) -> Config:
    """The town's config with another database and another folder of evidence."""
    config = town.config
    # A file has its ends remembered beside its backups; of databases on one server each needs a folder of its own.
    seals = str(evidence_folder.parent / "seals") if url.startswith("postgresql") else ""
    return config.model_copy(
        update={
            "database": config.database.model_copy(update={"url": url}),
            "backup": config.backup.model_copy(update={"seals": seals}),
            "evidence": config.evidence.model_copy(update={"folder": str(evidence_folder)}),
        }
    )


def elsewhere(town: Town, folder: Path) -> Config:
    """The town's config for a database and evidence in another folder."""
    return config_at(town, f"sqlite+aiosqlite:///{folder / 'kaoping.db'}", folder / "evidence")


async def all_of(config: Config) -> dict[str, Any]:
    """What can be read of a database: counts, seals, every score and month, stored results, opened evidence."""
    database = Database(config.database.url)
    bureau, policy, vault = config.organisation, config.policy, Vault(config.evidence_folder)
    try:
        async with database.reading() as session:
            table = await standings.table(session, bureau, bureau.units, FIRST)
            of_officers_ = await months.unit_months(
                session, bureau.units, [FEBRUARY], common=policy.common_parts, duties=policy.duties
            )
            verdicts = await hash_chain.verify(session)
            files = [await evidence.get(session, id_) for id_ in range(1, 4)]
            return {
                "contents": await backup.contents(session),
                "scores": {row.unit.code: (row.score, row.standing.place) for row in table.rows},
                "months": of_officers_,
                "results": await results.of(session, [FIRST]),
                "seals": verdicts,
                "evidence": [await vault.read(file.digest) for file in files if file is not None],
            }
    finally:
        await database.close()


def dumped(file: Path) -> list[str]:
    """Every row of a SQLite file."""
    with closing(sqlite3.connect(file)) as db:
        return list(db.iterdump())


def flip(path: Path, at: float = 0.5) -> None:
    """Change one bit in the middle of a file, or as far into it as `at` says."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 1
    path.unlink()
    path.write_bytes(content)


async def made_amid_deductions(
    bureau: Town, backups: Path, *, different: int
) -> list[tuple[Path, backup_folder.Manifest]]:
    """Backups that are made while somebody logs one deduction after the other, until so many hold different numbers."""
    qian = await bureau.assessor("钱考核", group=OFFICES)
    enough = asyncio.Event()

    async def talk() -> None:
        number = 0
        while not enough.is_set():
            await qian.says(f"/deduct 治安大队 专业管理 0.1 第{number}笔")
            number += 1

    talking = asyncio.create_task(talk())
    made: list[tuple[Path, backup_folder.Manifest]] = []
    for _ in range(50):
        made.append(await make(bureau.config, backups, now=bureau.clock()))
        if len({manifest.tables["entry"] for _, manifest in made}) == different:
            break
    enough.set()
    await talking
    return made
