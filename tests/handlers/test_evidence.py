"""Evidence: photos, albums and documents, kept by their content."""

import hashlib
import io
import struct
import zipfile

import pytest
from conversation import Post, Role, entries
from PIL import Image

from sandbox.world import Upload
from tests.sample_files import a_pdf


def picture(shade=0):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, 0, 0)).save(out, "PNG")
    return out.getvalue()


def stored(town):
    return sorted(path.name for path in (town.folder / "evidence").rglob("*") if path.is_file())


async def test_a_photo_with_the_command_is_evidence_of_the_entry(town):
    wang = await town.assessor()
    photo = picture()
    await wang.uploads(Upload("a.png", photo), kind="photo", caption="/deduct 城关所 治安管理 2 台账缺失")
    assert "证据：1 份" in wang.sees()
    assert stored(town) == [hashlib.sha256(photo).hexdigest()]
    await wang.presses("证据（1）")
    assert "证据 1/1" in wang.sees()


async def test_an_album_is_one_deduction_with_all_its_pictures(town):
    wang = await town.assessor()
    files = [Upload(f"{i}.png", picture(i)) for i in range(5)]
    await wang.uploads(*files, kind="photo", caption="/deduct 城关所 治安管理 2 台账缺失")
    assert len(entries(town)) == 1
    assert "证据：5 份" in wang.screen()
    assert len(wang.answers()) == 1
    await wang.says("/evidence 1")
    assert "证据 5/5" in wang.sees()


async def test_a_reply_to_the_card_adds_a_document(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    card = wang.answers()[0]
    await wang.uploads(a_pdf(), reply_to=card["message_id"])
    assert "现在共 1 份" in wang.sees()
    await wang.uploads(a_pdf(), reply_to=card["message_id"])
    assert "现在共 2 份" in wang.sees()
    assert len(stored(town)) == 1, "the same bytes are kept once"


async def test_in_the_dialog_a_photo_goes_with_the_draft(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理")
    await wang.uploads(Upload("a.png", picture()), kind="photo")
    await wang.presses("−1 分")
    await town.restart()
    await wang.says("台账缺失")
    assert "证据：1 份" in wang.screen()
    await wang.presses("✔ 登记")
    assert "证据：1 份" in wang.screen()
    await wang.says("/evidence 1")
    assert "证据 1/1" in wang.sees()


async def test_a_photo_alone_asks_what_it_is_evidence_of(town):
    wang = await town.assessor()
    await wang.uploads(Upload("a.png", picture()), kind="photo")
    assert "还没有登记过扣分" in wang.sees()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.uploads(Upload("a.png", picture(1)), Upload("b.png", picture(2)), kind="photo")
    assert len(wang.answers()) == 1
    await wang.presses("记录 1")
    assert "现在共 2 份" in wang.screen()


def huge_png():
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + struct.pack(">II", 9000, 900)
        + b"\x08\x02\0\0\0"
    )


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.txt", b"\0" * 250_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.exe", b"MZ\x90\x00" + b"\0" * 60, "不能作证据"),
        ("a.rar", b"Rar!\x1a\x07\x00" + b"\0" * 60, "不能作证据"),
        ("a.html", b"<html><script>", "不能作证据"),
        ("a.zip", bomb(), "大得不正常"),
        (
            "a.png",
            b"\x89PNG\r\n\x1a\n"
            + struct.pack(">I", 13)
            + b"IHDR"
            + struct.pack(">II", 60000, 60000)
            + b"\0" * 9,
            "像素太大",
        ),
        ("a.txt", b"", "是空的"),
    ],
)
async def test_what_is_unfit_is_refused_with_the_deduction_it_came_with(town, name, content, why):
    wang = await town.assessor()
    await wang.uploads(Upload(name, content), caption="/deduct 城关所 治安管理 2 台账缺失")
    assert why in wang.sees()
    assert entries(town) == []
    assert stored(town) == []


async def test_who_does_not_see_the_unit_does_not_see_its_evidence(town):
    wang = await town.assessor()
    await wang.uploads(Upload("a.png", picture()), kind="photo", caption="/deduct 城关所 治安管理 2 台账")
    other = await town.person("东门联络", Post(Role.LIAISON, unit="dongmen"))
    await other.says("/evidence 1")
    assert "没有找到记录 1" in other.sees()
    own = await town.person("城关联络", Post(Role.LIAISON, unit="chengguan"))
    await own.says("/evidence 1")
    assert "证据 1/1" in own.sees()


async def test_the_same_photo_twice_delivered_is_one_piece(town):
    wang = await town.assessor()
    town.world.upload(
        wang.id, wang.id, [Upload("a.png", picture())], kind="photo", caption="/deduct 城关所 治安管理 2 台账"
    )
    (update,) = town.world.pending
    await town.settle()
    await town.deliver_again(update)
    assert len(entries(town)) == 1
    await wang.says("/evidence 1")
    assert "证据 1/1" in wang.sees()


async def test_a_photo_with_a_deduction_as_its_caption_is_shown_before_it_is_written(town):
    wang = await town.assessor()
    await wang.uploads(Upload("a.png", picture()), kind="photo", caption="城关所 治安管理 2 台账缺失")
    assert "证据：1 份" in wang.sees() and entries(town) == []
    await wang.presses("✔ 登记")
    assert "证据：1 份" in wang.screen() and len(entries(town)) == 1


async def test_the_caption_of_a_replied_photo_is_the_reason(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    card = wang.answers()[0]
    await wang.uploads(
        Upload("a.png", picture()), kind="photo", caption="台账缺失", reply_to=card["message_id"]
    )
    assert [row[5] for row in entries(town)] == [None, "台账缺失"]
    assert "证据：1 份" in wang.screen()


async def test_in_the_dialog_the_caption_answers_the_question(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 人员")
    await wang.says("/deduct 城关所 治安管理")
    await wang.presses("−1 分")
    await wang.uploads(Upload("a.png", picture()), kind="photo", caption="台账缺失")
    assert "原因：台账缺失" in wang.screen()
    await wang.presses("✔ 登记")
    assert "证据：1 份" in wang.screen()


async def test_an_album_with_an_appeal_is_all_of_it_the_appeals(town):
    wang, zhou = await town.assessor(), await town.person("周", Post(Role.LIAISON, unit="chengguan"))
    lin = await town.person("林", Post(Role.OFFICE))
    for person in (zhou, lin):
        await person.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await zhou.uploads(
        *[Upload(f"{i}.png", picture(i)) for i in range(3)], kind="photo", caption="/appeal 1 有记录"
    )
    assert len(zhou.answers()) == 1
    await lin.says("/appeals")
    await lin.presses("裁定")
    assert "材料：3 份" in lin.sees()
    await zhou.uploads(Upload("a.png", picture()), kind="photo")
    assert "/appeal" in zhou.sees()


async def test_a_file_that_telegram_does_not_give_is_asked_for_again(town):
    wang = await town.assessor()
    await wang.uploads(Upload("a.png", picture()), kind="photo")
    sent = town.world.store.messages(wang.id, limit=10)[0]
    sent["photo"][-1]["file_id"] = "gone"
    await town.deliver_again(
        {"update_id": 7, "message": sent | {"message_id": 77, "caption": "/deduct 城关所 治安管理 2 原因"}}
    )
    assert "Telegram 没有给出这个文件" in wang.screen()
    assert entries(town) == []
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM inbox WHERE tries > 0").fetchone() == (0,)
