"""Files are what they are: kept and sent under a name made of their kind, and nothing in them acts by itself."""

import hashlib
import shutil
import subprocess

import pytest

from sandbox.world import Upload
from tests import sample_files
from tests.conversation import ADMIN, Player, Post, Role, Town, alarms, entries
from tests.sample_files import PIXEL, docx, pdf, xlsx, zipped

DEDUCT = "/deduct 城关所 治安管理 2 台账缺失"
SCRIPTED = pdf(root=b"/OpenAction << /S /J#61vaScript /JS (app.alert(1)) >>")
WITH_MACRO = docx(members={"word/vbaProject.bin": b"x"})


def names(player: Player) -> list[str]:
    return [message["document"]["file_name"] for message in player.answers() if "document" in message]


def stored(town: Town) -> list[str]:
    return [path.name for path in (town.folder / "evidence").rglob("*") if path.is_file()]


HOSTILE_NAMES = [
    ("民警考核细则.hta", pdf(), "民警考核细则.pdf"),
    ("x.pdf     .scr", pdf(), "x.pdf"),
    ("细则\u202excod.exe", docx(), "细则xcod.docx"),
    ("../../../etc/cron.d/x.pdf", pdf(), "x.pdf"),
    ("表\r\n\x1b[31m.xlsm", xlsx(), "表 [31m.xlsx"),
    ("CON.html", docx(), "_CON.docx"),
]


@pytest.mark.parametrize(("said", "content", "name"), HOSTILE_NAMES)
async def test_evidence_goes_out_under_a_name_of_its_kind(town, said, content, name):
    wang = await town.assessor()
    await wang.uploads(Upload(said, content), caption=DEDUCT)
    await wang.says("/evidence 1")
    assert names(wang) == [name]
    assert name in wang.sees()
    await wang.says("/evidence 1")
    assert names(wang) == [name]


@pytest.mark.parametrize(("said", "content", "name"), HOSTILE_NAMES)
async def test_a_filing_reaches_the_office_under_a_name_of_its_kind(town, said, content, name):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/start")
    await zhou.uploads(Upload(said, content), caption="/file")
    assert f"文件：{name}" in lin.screen()
    await lin.presses("看文件")
    assert names(lin) == [name]


async def test_a_document_is_sent_from_the_vault_once_and_then_by_the_id_of_that(town):
    wang = await town.assessor()
    await wang.uploads(sample_files.a_pdf(), caption=DEDUCT)
    sent = [m["document"]["file_id"] for m in town.world.store.messages(wang.id, limit=9) if "document" in m]
    for _ in range(2):
        await wang.says("/evidence 1")
    given = [m["document"]["file_id"] for m in town.world.store.messages(wang.id, limit=9) if "document" in m]
    first, second = given[len(sent) :]
    assert first == second
    with town.beside() as db:
        assert db.execute("SELECT file_id FROM picture").fetchall() == [(first,)]


REFUSED = [
    (Upload("a.pdf", SCRIPTED), "有脚本", "打印成 PDF"),
    (Upload("a.pdf", b"%PDF-1.4\n<script language=VBScript>x</script>"), "已经损坏", "重新导出"),
    (Upload("a.docx", WITH_MACRO), "有宏", "不带宏的格式"),
    (Upload("a.doc", sample_files.doc(**{"Macros/VBA/dir": b"x"})), "有宏", "不带宏的格式"),
    (Upload("a.pdf", pdf(trailer=b"/Root 1 0 R /Encrypt << >>")), "有密码", "去掉密码"),
]
EVIDENCE_REFUSED = [
    *REFUSED,
    (Upload("照片.zip", zipped({"a.png": PIXEL, "工具.exe": b"MZ\x90"})), "“工具.exe”", "不能作证据"),
    (Upload("记录.js", b"WScript.Echo 1"), "程序、网页或脚本", "不能作证据"),
    (Upload("图.svg", b"<svg xmlns='x'/>"), "程序、网页或脚本", "不能作证据"),
    (Upload("a.png", PIXEL[:-20]), "不完整", "另存一份"),
]


@pytest.mark.parametrize(("file", "why", "advice"), EVIDENCE_REFUSED)
async def test_what_acts_by_itself_is_refused_with_the_reason_and_what_would_do(town, file, why, advice):
    wang = await town.assessor()
    await wang.uploads(file, caption=DEDUCT)
    assert "没有收下，也没有登记" in wang.sees()
    assert why in wang.sees()
    assert advice in wang.sees()
    assert (entries(town), stored(town)) == ([], [])


@pytest.mark.parametrize(("file", "why", "advice"), REFUSED)
async def test_a_filing_that_acts_by_itself_is_refused(town, file, why, advice):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.uploads(file, caption="/file")
    assert "没有备案：" in zhou.sees()
    assert why in zhou.sees()
    assert advice in zhou.sees()
    assert stored(town) == []


async def test_an_appeal_with_a_macro_is_not_made(town):
    wang, zhou = await town.assessor(), await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/start")
    await wang.says(DEDUCT)
    await zhou.uploads(Upload("材料.docx", WITH_MACRO), caption="/appeal 1 有记录")
    assert "有宏" in zhou.sees()
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM appeal").fetchone() == (0,)


async def test_a_workbook_with_macros_is_not_read(town):
    wang = await town.assessor()
    await wang.uploads(Upload("扣分.xlsx", xlsx({"xl/vbaProject.bin": b"x"})), caption="/import")
    assert "工作簿里有宏" in wang.sees()


async def test_what_was_kept_before_is_not_sent_on_if_it_acts(town):
    wang = await town.assessor()
    await wang.uploads(sample_files.a_pdf(), caption=DEDUCT)
    _put_in_the_place_of_the_evidence(town, SCRIPTED)
    await wang.says("/evidence 1")
    assert names(wang) == []
    assert "这个文件不转发：文件里有脚本" in wang.sees()


def _put_in_the_place_of_the_evidence(town: Town, content: bytes) -> None:
    """As if it had been kept when nobody looked into files."""

    digest = hashlib.sha256(content).hexdigest()
    path = town.folder / "evidence" / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with town.beside() as db:
        db.unguard("evidence")
        db.execute("UPDATE evidence SET digest = ?, size = ?", (digest, len(content)))


# A command that has no use for a file


@pytest.mark.parametrize("line", ["/score 城关所", "/rank 派出所第一序列", "/mine", "/evidence 1", "/nichts"])
@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_a_file_with_a_command_that_takes_none_is_told_not_to_be_kept(town, line, kind):
    wang = await town.assessor()
    await wang.says(DEDUCT)
    await wang.says(line)
    answer = wang.sees()
    await wang.uploads(Upload("a.png", PIXEL), kind=kind, caption=line)
    told = wang.sees()
    assert told.startswith(answer[:10])
    assert told.endswith("随命令发来的文件没有收下。要作证据的，请回复那一笔的卡片发送。")
    assert stored(town) == []


async def test_a_photo_with_a_command_that_takes_tables_is_not_kept_either(town):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.uploads(Upload("a.png", PIXEL), kind="photo", caption="/roster")
    assert "随命令发来的文件没有收下。" in zhou.sees()
    await zhou.uploads(Upload("a.png", PIXEL), kind="photo", caption="/file")
    assert "随命令发来的文件没有收下" not in zhou.sees()


async def test_who_may_not_use_a_command_hears_of_the_file_too_and_a_foreign_group_of_nothing(town):
    wang, zhou = await town.assessor(), await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.uploads(Upload("a.png", PIXEL), kind="photo", caption="/submit")
    assert "随命令发来的文件没有收下。" in zhou.sees()
    chat = town.group("别的群", [wang])
    await wang.uploads(Upload("a.png", PIXEL), kind="photo", caption="/done 城关所", chat=chat)
    assert "文件" not in wang.sees(chat)


# The disk


def _spoil_with_a_file(town: Town):
    """The folder is none any more: nothing in it can be opened, whoever asks."""
    folder = town.folder / "evidence"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("no folder")
    return folder.unlink


def _spoil_with_a_full_disk(town: Town):
    folder = town.folder / "evidence"
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=1", "kaoping", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    return lambda: subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _spoil_by_writing_nothing(town: Town):
    folder = town.folder / "evidence"
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "ro", "kaoping", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    return lambda: subprocess.run(["umount", "--lazy", str(folder)], check=True)


SPOILT = pytest.mark.parametrize(
    ("spoil", "why", "alarm"),
    [
        (_spoil_with_a_full_disk, "磁盘满了", "证据存不下了"),
        (_spoil_with_a_file, "文件夹现在用不了", "证据文件夹用不了"),
        (_spoil_by_writing_nothing, "文件夹现在用不了", "证据文件夹用不了"),
    ],
    ids=["full", "no folder", "read only"],
)


@SPOILT
async def test_where_the_disk_takes_nothing_the_deduction_counts_and_everybody_hears_of_it(
    town, spoil, why, alarm
):
    wang = await town.assessor()
    mend = spoil(town)
    try:
        photo = Upload("a.png", PIXEL)
        await wang.uploads(photo, kind="photo", caption=DEDUCT)
        said = wang.sees()
        await wang.says("/deduct 东门所 治安管理 1 台账缺失")
        behind = wang.sees()
        await wang.uploads(photo, kind="photo", caption="/deduct 西街所 治安管理 1 台账缺失")
    finally:
        mend()
    assert "文件没有收下" in said
    assert why in said
    assert "记录 1" in said
    assert "记录 2" in behind
    assert [row[1] for row in entries(town)] == ["chengguan", "dongmen", "xijie"]
    ((chat, text),) = alarms(town)
    assert chat == ADMIN
    assert alarm in text
    card = next(m for m in town.world.store.messages(wang.id, limit=20) if "记录 1" in m.get("text", ""))
    await wang.uploads(photo, kind="photo", reply_to=card["message_id"])
    assert "证据已附到记录 1（城关派出所 治安管理 −2），现在共 1 份" in wang.sees()
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM inbox WHERE tries > 0").fetchone() == (0,)


async def test_a_filing_and_a_lone_photo_are_told_of_the_disk_too(town):
    wang = await town.assessor()
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    mend = _spoil_with_a_file(town)
    try:
        await zhou.uploads(sample_files.a_pdf(), caption="/file")
        await wang.uploads(Upload("a.png", PIXEL), kind="photo")
    finally:
        mend()
    assert "没有备案：服务器存放文件的文件夹现在用不了，已通知系统管理员" in zhou.sees()
    assert "文件没有收下" in wang.sees()
    assert len(alarms(town)) == 1


@pytest.mark.parametrize(
    ("spoil", "why", "alarm"),
    [
        (lambda path: path.unlink(), "没有找到这个文件", "不见了"),
        (lambda path: path.write_bytes(b"other"), "已经损坏", "已损坏"),
        (lambda path: (path.unlink(), path.mkdir()), "文件夹现在用不了", "证据文件夹用不了"),
    ],
    ids=["gone", "damaged", "unreadable"],
)
async def test_evidence_that_cannot_be_had_is_told_to_who_asks_and_to_the_administrators(
    town, spoil, why, alarm
):
    wang = await town.assessor()
    await wang.uploads(sample_files.a_pdf(), caption=DEDUCT)
    (path,) = [path for path in (town.folder / "evidence").rglob("*") if path.is_file()]
    spoil(path)
    await wang.says("/evidence 1")
    assert why in wang.sees()
    assert "已通知系统管理员" in wang.sees()
    ((_, text),) = alarms(town)
    assert alarm in text
    await wang.says("/score 城关所")
    assert "城关派出所" in wang.sees()
