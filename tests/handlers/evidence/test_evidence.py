"""Evidence: photos, albums and documents, kept by their content."""

import hashlib
import io
import struct
import zipfile
from collections import Counter
from datetime import timedelta

import pytest
from conversation import Post, Role, entries, text_of
from PIL import Image

from handlers.evidence import unplaced
from sandbox.world import Upload
from storage import drafts, register
from storage.tables import AttachmentRow
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


async def photo(person, shade=0, *, count=1, **how):
    """One picture, or an album."""
    await person.uploads(*(Upload(f"{i}.png", picture(shade + i)) for i in range(count)), kind="photo", **how)


def attached(town):
    """What holds: record and how many files, for each record that has some."""
    with town.beside() as db:
        rows = db.execute(
            "SELECT evidence_id, entry_id, attached FROM attachment WHERE entry_id IS NOT NULL ORDER BY id"
        ).fetchall()
    newest = {(file, entry): holds for file, entry, holds in rows}
    return dict(Counter(entry for (_, entry), holds in newest.items() if holds))


def acts(town):
    with town.beside() as db:
        return [
            act
            for (act,) in db.execute("SELECT act FROM audit WHERE act LIKE 'evidence%' ORDER BY id").fetchall()
        ]


async def test_a_photo_before_any_record_waits_and_is_offered_with_the_next_one(town):
    wang = await town.assessor()
    await photo(wang)
    assert "还没有登记过扣分" in wang.sees()
    await town.restart()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    assert "还有 1 份文件没有归到记录" in wang.sees()
    await wang.presses("记录 1")
    assert "证据已附到记录 1（城关派出所 治安管理 −2），现在共 1 份" in wang.screen()
    await wang.says("/deduct 城关所 安全防范 1 巡防缺失")
    assert "没有归到记录" not in wang.sees()


async def test_a_photo_after_a_record_goes_to_it_and_says_so(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    town.clock.move(minutes=9)
    await photo(wang)
    assert "证据已附到记录 1（城关派出所 治安管理 −2），现在共 1 份" in wang.sees()
    assert wang.buttons() == ["附错了，改附"]
    assert "证据：1 份" in wang.screen()


async def test_a_photo_long_after_the_record_is_asked_about(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    town.clock.move(minutes=11)
    await photo(wang)
    assert "它是哪一笔的证据" in wang.sees()
    assert wang.buttons() == ["记录 1　城关派出所　治安管理 −2", "不作证据"]
    assert attached(town) == {}


async def test_with_two_records_of_the_last_minutes_it_is_asked(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 田家湾所 安全防范 1 巡防缺失")
    await photo(wang, count=3)
    assert len(wang.answers()) == 1
    assert "收到 3 份文件" in wang.sees()
    await wang.presses("记录 1")
    assert attached(town) == {1: 3}
    assert "现在共 3 份" in wang.screen()


async def test_an_album_after_a_record_is_one_answer_with_all_its_pictures(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await photo(wang, count=4)
    assert len(wang.answers()) == 1
    assert "现在共 4 份" in wang.sees()
    await wang.presses("附错了，改附")
    await wang.presses("不作证据")
    assert attached(town) == {}
    assert "这 4 份文件没有附到任何记录" in wang.screen()


async def test_a_question_newer_than_the_last_record_gets_the_photo(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 田家湾所 安全防范")
    await photo(wang)
    assert "会随这次提交一起附上：正在登记的扣分（田家湾派出所 安全防范）" in wang.sees()
    assert "没有附到刚登记的记录 1" in wang.sees()
    await wang.presses("附错了，改附")
    await wang.presses("记录 1")
    assert attached(town) == {1: 1}
    await wang.presses("−1 分")
    await wang.says("巡防缺失")
    await wang.presses("✔ 登记")
    assert attached(town) == {1: 1}


async def test_a_record_newer_than_the_open_question_gets_the_photo(town):
    wang = await town.assessor()
    await wang.says("/deduct 田家湾所 安全防范")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await photo(wang)
    assert "证据已附到记录 1" in wang.sees()
    assert "还没办完的那一件没有附" in wang.sees()
    await wang.presses("附错了，改附")
    await wang.presses("正在登记的扣分")
    assert attached(town) == {}
    await wang.presses("−1 分")
    await wang.says("巡防缺失")
    await wang.presses("✔ 登记")
    assert attached(town) == {2: 1}


async def test_a_moved_photo_leaves_its_trace_and_is_shown_where_it_is_alone(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await photo(wang)
    await wang.says("/deduct 田家湾所 安全防范 1 巡防缺失")
    await wang.presses("附错了，改附")
    await town.restart()
    await wang.presses("记录 2")
    assert "证据已附到记录 2（田家湾派出所 安全防范 −1），现在共 1 份" in wang.screen()
    await wang.says("/evidence 1")
    assert "还没有证据" in wang.sees()
    await wang.says("/evidence 2")
    assert "证据 1/1" in wang.sees()
    assert acts(town)[:3] == ["evidence", "evidence_moved", "evidence"]
    async with town.app.database.reading() as session:
        assert (await register.differences(session, AttachmentRow, after=None, limit=100))[0] == []


async def test_a_photo_moved_away_and_back_again_is_there_once(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await photo(wang)
    for choice in ("不作证据", "记录 1", "不作证据", "记录 1"):
        await wang.presses("附错了，改附")
        await wang.presses(choice)
    assert attached(town) == {1: 1}
    await wang.presses("附错了，改附")
    await wang.presses("不改")
    assert "现在共 1 份" in wang.screen()


@pytest.mark.parametrize("caption", ["1", "记录1", "#1", "记录 1 的证据"])
async def test_a_caption_that_is_a_records_number_attaches_it_there(town, caption):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 田家湾所 安全防范 1 巡防缺失")
    await photo(wang, caption=caption)
    assert "证据已附到记录 1" in wang.sees()
    assert len(wang.answers()) == 1
    assert attached(town) == {1: 1}


@pytest.mark.parametrize("caption", ["记录 99", "记录 2"])
async def test_a_caption_with_a_record_that_is_not_ones_own_is_asked(town, caption):
    wang, li = await town.assessor(), await town.assessor("李强")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await li.says("/deduct 田家湾所 安全防范 1 巡防缺失")
    await photo(wang, caption=caption)
    assert "没有附上" in wang.sees()
    assert wang.buttons()[-1] == "不作证据"
    await wang.presses("记录 1")
    assert attached(town) == {1: 1}


async def test_a_caption_is_the_reason_of_the_record_that_waits_and_the_photo_goes_there(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    await wang.says("/deduct 田家湾所 安全防范 1 巡防缺失")
    await photo(wang, caption="台账缺失", count=2)
    assert attached(town) == {1: 2}
    assert entries(town)[-1][5] == "台账缺失"


async def test_a_caption_that_is_none_of_these_is_told_and_the_photo_asked_about(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    town.clock.move(minutes=30)
    await photo(wang, caption="现场情况")
    assert "它是哪一笔的证据" in wang.sees()
    assert "图片说明没有记下" in wang.sees()
    assert len(entries(town)) == 1


async def test_a_reply_to_the_line_or_to_a_message_that_names_the_record_is_about_it(town):
    wang = await town.assessor()
    line = await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 田家湾所 安全防范 1 巡防缺失")
    town.clock.move(hours=3)
    await photo(wang, reply_to=line["message_id"])
    told = wang.answers()[0]
    assert "证据已附到记录 1" in text_of(told)
    await photo(wang, 5, reply_to=told["message_id"])
    assert attached(town) == {1: 2}


async def test_the_number_typed_after_the_question_answers_it(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    town.clock.move(minutes=30)
    await photo(wang)
    await wang.says("记录 1")
    assert "证据已附到记录 1" in wang.sees()
    assert attached(town) == {1: 1}
    assert len(entries(town)) == 1


async def test_photos_without_a_place_are_listed_with_ones_records(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    town.clock.move(minutes=30)
    await photo(wang)
    await wang.says("/mine")
    assert "还有 1 份文件没有归到记录" in wang.sees()
    await wang.presses("归到记录")
    await wang.presses("记录 1")
    assert attached(town) == {1: 1}
    await wang.says("/mine")
    assert "没有归到记录" not in wang.sees()


async def test_photos_of_a_deduction_that_is_given_up_wait_for_another_place(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.uploads(Upload("a.png", picture(9)), kind="photo", caption="田家湾所 安全防范 1 巡防缺失")
    await wang.presses("取消")
    assert "随它发来的 1 份文件还在" in wang.sees()
    await wang.presses("记录 1")
    assert attached(town) == {1: 1}


async def test_a_cancelled_appeal_says_that_its_files_were_not_submitted(town):
    wang, zhou = await town.assessor(), await town.person("周", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await zhou.says("/appeal 1")
    await photo(zhou, count=2)
    assert "会随这次提交一起附上：正在写的对记录 1 的申诉，现在共 2 份" in zhou.sees()
    await zhou.presses("取消")
    assert "随它发来的 2 份材料没有提交" in zhou.screen()


async def test_after_the_retention_it_is_told_that_photos_are_waited_for_no_longer(town):
    wang = await town.assessor()
    await photo(wang)
    before = town.clock.time + timedelta(minutes=1)
    async with town.app.database.transaction() as session:
        await unplaced.give_up(session, town.app.services, before=before)
        await drafts.clear(session, before=before)
    await town.app.pusher.send_due()
    assert "一直没有归到记录，现在不再等待" in wang.screen()
    await wang.says("/mine")
    assert "没有归到记录" not in wang.sees()


async def test_in_a_bound_group_two_persons_photos_go_each_to_their_own_record(town):
    wang, li = await town.assessor(), await town.assessor("李强")
    chat = await town.bound("派出所组", [wang, li])
    await wang.says("/deduct 城关所 治安管理 2 台账缺失", chat=chat)
    await li.says("/deduct 田家湾所 安全防范 1 巡防缺失", chat=chat)
    first, second = wang.answers(chat)[0], li.answers(chat)[0]
    one, two = [Upload("a.png", picture(1))], [Upload("b.png", picture(2)), Upload("c.png", picture(3))]
    town.world.upload(wang.id, chat, one, kind="photo", reply_to=first["message_id"])
    town.world.upload(li.id, chat, two, kind="photo", reply_to=second["message_id"])
    await town.settle()
    assert attached(town) == {1: 1, 2: 2}
    answer = next(m for m in li.answers(chat) if "记录 2（" in text_of(m) and "证据已附" in text_of(m))
    await wang.presses("附错了，改附", chat=chat, on=answer)
    assert attached(town) == {1: 1, 2: 2}
    assert "改附到哪里" not in wang.screen(chat)
    await li.presses("附错了，改附", chat=chat, on=answer)
    await li.presses("不作证据", chat=chat)
    assert attached(town) == {1: 1}
    await photo(li, 7, chat=chat, reply_to=first["message_id"])
    assert "只有本人或考评办能更正和补充证据" in li.sees(chat)
    assert attached(town) == {1: 1}


async def test_a_picture_in_a_group_that_belongs_to_nothing_is_neither_kept_nor_answered(town):
    wang, li = await town.assessor(), await town.assessor("李强")
    chat = await town.bound("派出所组", [wang, li])
    town.world.privacy_mode = False
    town.world.privacy_mode = False
    await wang.says("/deduct 城关所 治安管理 2 台账缺失", chat=chat)
    await photo(li, chat=chat)
    assert li.answers(chat) == []
    await photo(wang, chat=chat, caption="今天中午的合影")
    assert li.answers(chat) == []
    talk = await li.says("看看这个", chat=chat)
    await photo(wang, chat=chat, reply_to=talk["message_id"], caption="我也拍了")
    assert wang.answers(chat) == []
    assert stored(town) == []


async def test_files_that_came_with_the_deduction_can_be_moved_from_its_card(town):
    wang = await town.assessor()
    await wang.says("/deduct 田家湾所 安全防范 1 巡防缺失")
    await photo(wang, count=3, caption="/deduct 城关所 治安管理 2 台账缺失")
    assert attached(town) == {2: 3}
    await wang.presses("附错了，改附")
    assert "这 3 份文件改附到哪里" in wang.sees()
    await wang.presses("不改")
    assert "没有归到记录" not in wang.screen()
    await wang.presses("附错了，改附")
    await town.restart()
    await wang.presses("记录 1")
    assert attached(town) == {1: 3}
    card = next(m for m in town.world.store.messages(wang.id, limit=99) if "已登记　记录 2" in text_of(m))
    assert "证据" not in text_of(card)
    await wang.says("/mine")
    assert "没有归到记录" not in wang.sees()


async def test_files_on_a_card_are_moved_by_who_logged_it_alone(town):
    wang, li = await town.assessor(), await town.assessor("李强")
    chat = await town.bound("派出所组", [wang, li])
    await photo(wang, chat=chat, caption="/deduct 城关所 治安管理 2 台账缺失")
    card = wang.answers(chat)[0]
    assert "只有本人或考评办能更正和补充证据" in await li.presses("附错了，改附", chat=chat, on=card)
    await wang.presses("附错了，改附", chat=chat, on=card)
    await wang.presses("不作证据", chat=chat)
    assert attached(town) == {}


async def test_an_album_with_a_command_in_a_group_is_evidence_with_all_its_pictures(town):
    wang, li = await town.assessor(), await town.assessor("李强")
    chat = await town.bound("派出所组", [wang, li])
    town.world.privacy_mode = False
    await photo(wang, count=4, chat=chat, caption="/deduct 城关所 治安管理 2 台账缺失")
    assert attached(town) == {1: 4}
    assert "证据：4 份" in wang.screen(chat)
    assert len(wang.answers(chat)) == 1


async def test_an_album_with_an_unclear_deduction_in_a_group_waits_with_the_question(town):
    wang, li = await town.assessor(), await town.assessor("李强")
    chat = await town.bound("派出所组", [wang, li])
    town.world.privacy_mode = False
    await photo(wang, count=3, chat=chat, caption="/deduct 城关所 治安管理")
    await wang.presses("−1 分", chat=chat)
    await wang.presses("先不写原因", chat=chat)
    await wang.presses("✔ 登记", chat=chat)
    assert attached(town) == {1: 3}


async def test_an_album_in_a_group_that_belongs_to_nothing_is_neither_kept_nor_answered(town):
    wang, li = await town.assessor(), await town.assessor("李强")
    chat = await town.bound("派出所组", [wang, li])
    town.world.privacy_mode = False
    await wang.says("/deduct 城关所 治安管理 2 台账缺失", chat=chat)
    await photo(wang, count=2, chat=chat)
    assert wang.answers(chat) == []
    await photo(wang, count=2, chat=chat, caption="今天中午的合影")
    assert wang.answers(chat) == []
    await li.uploads(a_pdf(), a_pdf(), chat=chat)
    assert li.answers(chat) == []
    other = town.group("不相干的群", [wang])
    await photo(wang, count=2, chat=other)
    assert wang.answers(other) == []
    assert stored(town) == []


async def test_where_telegram_shows_no_more_of_an_album_the_person_is_told(town):
    wang, li = await town.assessor(), await town.assessor("李强")
    chat = await town.bound("派出所组", [wang, li])
    await photo(wang, count=3, chat=chat, caption="/deduct 城关所 治安管理 2 台账缺失")
    assert attached(town) == {1: 1}
    assert "群里没有说明的那几张机器人可能收不到" in wang.sees(chat)
    await photo(wang, 5, chat=chat, caption="/deduct 城关所 治安管理 1 另一处")
    assert "机器人可能收不到" not in wang.sees(chat)


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
