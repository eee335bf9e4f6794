"""备案: documents are filed, decided on, seen and reminded of (R10)."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clock import by_the_clock
from handlers.filings import filing_review
from rules.filings import FilingKind
from sandbox.world import Upload
from storage import people as storage
from tests import sample_files
from tests.conversation import STATIONS, Player, Post, Role, Town, text_of
from tests.trail import told, trail


def pdf(text: str = "一") -> Upload:
    return sample_files.a_pdf(text, "细则.pdf")


WORD, EXCEL = Upload("细则.docx", sample_files.docx()), Upload("细则.xlsx", sample_files.xlsx())
OLD_WORD = Upload("细则.doc", sample_files.doc())
PICTURE = Upload("a.png", sample_files.PIXEL)


@pytest.fixture
async def people(town: Town) -> dict[str, Player]:
    return {
        key: await _started(player)
        for key, player in {
            "liaison": await town.person("周联络", Post(Role.LIAISON, unit="chengguan")),
            "two": await town.person(
                "冯联络", Post(Role.LIAISON, unit="dongmen"), Post(Role.LIAISON, unit="zhian")
            ),
            "head": await town.person("所长", Post(Role.UNIT_HEAD, unit="chengguan")),
            "office": await town.person("林主任", Post(Role.OFFICE)),
            "other": await town.person("沈干事", Post(Role.OFFICE)),
            "leader": await town.person("高局长", Post(Role.LEADER)),
        }.items()
    }


async def _started(player: Player) -> Player:
    await player.says("/start")
    return player


def kept(town: Town) -> list[tuple]:
    with town.beside() as db:
        return db.execute("SELECT kind, unit_code, year, version FROM filing ORDER BY id").fetchall()


def verdicts(town: Town) -> list[tuple]:
    with town.beside() as db:
        return db.execute("SELECT filing_id, accepted, reason FROM filing_verdict ORDER BY id").fetchall()


def acts(town: Town) -> list[tuple]:
    with town.beside() as db:
        return db.execute(
            "SELECT act, unit_code, detail FROM audit WHERE act LIKE 'fil%' ORDER BY id"
        ).fetchall()


# Filing


@pytest.mark.parametrize("file", [pdf(), WORD, EXCEL, OLD_WORD], ids=["pdf", "docx", "xlsx", "doc"])
async def test_a_document_with_the_command_is_filed_and_the_office_told(town, people, file):
    zhou, lin = people["liaison"], people["office"]
    await zhou.uploads(file, caption="/file")
    assert "已报送 2026 年城关派出所《民警业务考核细则》第 1 版" in zhou.sees()
    assert kept(town) == [("station-officers", "chengguan", 2026, 1)]
    assert "2026年　城关派出所《民警业务考核细则》\n第 1 版，周联络" in lin.screen()
    assert lin.buttons() == ["通过", "退回", "看文件"]
    assert (
        town.folder / "evidence" / (digest := hashlib.sha256(file.content).hexdigest())[:2] / digest
    ).exists()
    assert acts(town) == [("filed", "chengguan", "station-officers 2026 第 1 版")]


async def test_the_chinese_word_and_a_year_do_the_same(town, people):
    await people["liaison"].uploads(pdf(), caption="备案 业务考核 2027")
    assert kept(town) == [("station-officers", "chengguan", 2027, 1)]


@pytest.mark.parametrize("year", ["2025", "2028"])
async def test_other_years_are_refused_before_anything_is_kept(town, people, year):
    await people["liaison"].uploads(pdf(), caption=f"/file 业务考核 {year}")
    assert "请写 2026、2027" in people["liaison"].sees()
    assert kept(town) == [] and not list((town.folder / "evidence").rglob("*.*"))


async def test_who_owes_several_is_asked_which_and_a_restart_forgets_nothing(town, people):
    feng = people["two"]
    await feng.uploads(pdf(), caption="/file")
    assert "还没有报送。它是 2026 年的哪一份" in feng.sees()
    assert [label.split("　")[0] for label in feng.buttons()] == [
        "报送：治安大队", "报送：治安大队", "报送：东门派出所", "取消",
    ]  # fmt: skip
    assert kept(town) == []
    await town.restart()
    await feng.presses("报送：东门派出所")
    assert "已报送 2026 年东门派出所" in feng.screen()
    assert kept(town) == [("station-officers", "dongmen", 2026, 1)]


async def test_a_named_one_is_filed_at_once_and_an_unclear_name_asks(town, people):
    feng = people["two"]
    await feng.uploads(pdf("总则"), caption="/file 总则及共同部分")
    assert kept(town) == [("officers-common", "zhian", 2026, 1)]
    await feng.uploads(pdf("办法"), caption="/file 民警目标量化考核办法")
    assert kept(town)[1:] == [("officers", "zhian", 2026, 1)]
    await feng.uploads(pdf("不清"), caption="/file 量化考核")
    assert len(feng.buttons()) == 3
    await feng.presses("取消")
    assert "没有报送" in feng.screen() and len(kept(town)) == 2


async def test_an_unknown_name_says_what_there_is(town, people):
    await people["liaison"].uploads(pdf(), caption="/file 年终总结")
    assert "没有叫“年终总结”的备案文件。您要找的可能是：民警业务考核细则" in people["liaison"].sees()
    assert kept(town) == []


async def test_a_reply_to_a_document_files_it(town, people):
    zhou = people["liaison"]
    await zhou.uploads(pdf())
    sent = town.world.store.messages(zhou.id, limit=10)
    document = next(message for message in sent if "document" in message)
    await zhou.says("/file", reply_to=document["message_id"])
    assert "已报送 2026 年城关派出所" in zhou.sees()
    assert kept(town) == [("station-officers", "chengguan", 2026, 1)]


@pytest.mark.parametrize(
    ("file", "kind", "why"),
    [
        (PICTURE, "photo", "只收 PDF、Word 和 Excel"),
        (PICTURE, "document", "只收 PDF、Word 和 Excel"),
        (Upload("a.txt", "文本".encode()), "document", "只收 PDF、Word 和 Excel"),
        (Upload("a.pptx", sample_files.pptx()), "document", "只收 PDF、Word 和 Excel"),
        (Upload("a.ppt", sample_files.ppt()), "document", "只收 PDF、Word 和 Excel"),
        (Upload("a.exe", b"MZ\x90\x00" + b"\0" * 60), "document", "只收 PDF、Word 和 Excel"),
        (Upload("a.pdf", b""), "document", "是空的"),
        (Upload("a.pdf", b"%PDF-1.4 " + b"\0" * (20 * 1024 * 1024)), "document", "超过 20 MB"),
    ],
    ids=["photo", "png", "txt", "pptx", "ppt", "exe", "empty", "large"],
)
async def test_what_is_no_document_is_refused_with_a_sentence(town, people, file, kind, why):
    zhou = people["liaison"]
    await zhou.uploads(file, kind=kind, caption="/file")
    assert "没有备案：" in zhou.sees() and why in zhou.sees()
    assert kept(town) == []


async def test_a_reply_to_a_photo_is_refused(town, people):
    zhou = people["liaison"]
    await zhou.uploads(PICTURE, kind="photo")
    photo = next(m for m in town.world.store.messages(zhou.id, limit=10) if "photo" in m)
    await zhou.says("/file", reply_to=photo["message_id"])
    assert "没有备案：只收 PDF" in zhou.sees()


async def test_without_a_file_it_says_how_and_a_button_waits_for_the_file(town, people):
    feng = people["two"]
    await feng.says("/file")
    assert "2026年还要报送（2026年1月31日前）" in feng.sees() and len(feng.buttons()) == 3
    await feng.presses("报送：东门派出所")
    assert "请发送 2026 年东门派出所《民警业务考核细则》的文件" in feng.sees()
    await town.restart()
    await feng.uploads(PICTURE, kind="photo")
    assert "没有备案：只收 PDF" in feng.sees()
    await feng.uploads(pdf())
    assert "已报送 2026 年东门派出所" in feng.sees()
    assert kept(town) == [("station-officers", "dongmen", 2026, 1)]
    await feng.says("/file")
    assert len(feng.buttons()) == 2
    await feng.uploads(pdf("另一份"))
    assert len(kept(town)) == 1, "no question waits for a file any more"
    assert "已报送" not in feng.sees()


async def test_the_last_button_pressed_is_the_one_that_waits(town, people):
    feng = people["two"]
    await feng.says("/file")
    await feng.presses("报送：治安大队　民警")
    await feng.presses("报送：东门派出所")
    await feng.uploads(pdf())
    await feng.uploads(pdf("另一份"))
    assert kept(town) == [("station-officers", "dongmen", 2026, 1)]


async def test_a_named_one_without_a_file_is_waited_for_at_once_and_can_be_dropped(town, people):
    zhou = people["liaison"]
    await zhou.says("/file 业务考核")
    assert "请发送 2026 年城关派出所" in zhou.sees()
    await zhou.presses("取消")
    await zhou.uploads(pdf())
    assert kept(town) == []


async def test_a_file_that_replies_to_the_question_answers_it_and_any_other_reply_does_not(town, people):
    zhou = people["liaison"]
    await zhou.says("/file 业务考核")
    question = zhou.answers()[0]["message_id"]
    await zhou.uploads(pdf("别的"), reply_to=question - 1)
    assert kept(town) == []
    await zhou.uploads(pdf(), reply_to=question)
    assert kept(town) == [("station-officers", "chengguan", 2026, 1)]
    await zhou.says("/file")
    assert "都已报送。要换新的一版" in zhou.sees() and zhou.buttons() == []


async def test_words_are_no_file_and_the_question_is_put_again(town, people):
    feng = people["two"]
    await feng.says("/file 业务考核")
    await feng.says("稍后发", reply_to=feng.answers()[0]["message_id"])
    assert "请发送 2026 年东门派出所" in feng.sees()
    await feng.uploads(pdf(), caption="已经盖章")
    assert kept(town) == [("station-officers", "dongmen", 2026, 1)]


async def test_evidence_of_an_appeal_that_is_asked_for_later_is_not_filed(town, people):
    zhou, wang = people["liaison"], await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await zhou.says("/file 业务考核")
    await zhou.says("/appeal 1")
    await zhou.uploads(pdf())
    assert "会随这次提交一起附上" in zhou.sees() and kept(town) == []


async def test_a_photo_of_who_also_assesses_is_evidence_while_a_file_is_waited_for(town):
    both = await town.person(
        "两职", Post(Role.LIAISON, unit="zhian"), Post(Role.ASSESSOR, group=STATIONS, own_unit="zhian")
    )
    await both.says("/deduct 城关所 治安管理 2 台账缺失")
    await both.says("/file 总则")
    await both.uploads(PICTURE, kind="photo")
    assert "证据已附到记录 1" in both.sees()
    await both.uploads(pdf())
    assert kept(town) == [("officers-common", "zhian", 2026, 1)]


async def test_a_waiting_question_goes_before_the_table_of_criteria(town, people):
    lin = people["office"]
    await lin.says("/file 派出所等级评定")
    await lin.uploads(EXCEL)
    assert "已报送 2026 年考评办《江城市公安局2026年度派出所等级评定" in lin.sees()
    assert kept(town) == [("station-rating", None, 2026, 1)]


async def test_the_offices_own_counts_as_accepted(town, people):
    lin = people["office"]
    await lin.uploads(pdf(), caption="/file 派出所等级评定")
    assert "已经备案。" in lin.sees()
    assert verdicts(town) == [(1, 1, None)]
    await lin.says("/filings")
    assert "考评办　已通过　第 1 版　林主任" in lin.sees()


async def test_versions_count_up_and_the_same_bytes_add_nothing(town, people):
    zhou = people["liaison"]
    for text in ("一", "二"):
        await zhou.uploads(pdf(text), caption="/file")
    assert "第 2 版" in zhou.sees()
    await zhou.uploads(Upload("改了名.pdf", pdf("一").content), caption="/file")
    assert (
        "没有重复报送：内容完全一样的文件已经是 2026 年城关派出所《民警业务考核细则》第 1 版（待审）"
        in zhou.sees()
    )
    assert [row[3] for row in kept(town)] == [1, 2]
    await zhou.uploads(pdf("一"), caption="/file 2027")
    assert kept(town)[-1] == ("station-officers", "chengguan", 2027, 1)


async def test_an_album_files_the_one_with_the_words_and_says_so(town, people):
    zhou = people["liaison"]
    await zhou.uploads(pdf("一"), pdf("二"), caption="/file")
    assert "只有这一份算报送，其余的请逐份发送" in zhou.sees()
    assert len(kept(town)) == 1


async def again(town: Town) -> None:
    """The last update is handled once more, as after a crash before it was marked done."""
    with town.beside() as db:
        db.execute("UPDATE inbox SET state = 'waiting', tries = 1 WHERE id = (SELECT max(id) FROM inbox)")
    await town.app.intake.resume()
    await town.app.intake.idle()
    await town.settle()


async def test_handled_twice_it_is_filed_once_and_says_the_same(town, people):
    zhou, lin = people["liaison"], people["office"]
    await zhou.uploads(pdf(), caption="/file")
    await again(town)
    assert len(kept(town)) == 1
    assert zhou.screen().count("已报送 2026 年城关派出所") == 2 and "〔重发〕已报送" in zhou.screen()
    assert lin.screen().count("请看过文件后决定") == 1


async def test_handled_twice_the_questions_are_the_same_ones(town, people):
    feng = people["two"]
    await feng.uploads(pdf(), caption="/file")
    await again(town)
    await feng.presses("报送：东门派出所")
    await again(town)
    assert kept(town) == [("station-officers", "dongmen", 2026, 1)]
    assert "没有重复" not in feng.screen()
    await feng.says("/file 总则")
    await again(town)
    await feng.uploads(pdf("总则"))
    await again(town)
    assert kept(town)[1:] == [("officers-common", "zhian", 2026, 1)]
    assert feng.screen().count("第 1 版") == 3 and "没有重复" not in feng.screen()
    await feng.says("/file")
    await feng.presses("报送：治安大队　民警")
    await again(town)
    await feng.presses("取消")
    await again(town)
    await feng.uploads(pdf("办法"))
    assert len(kept(town)) == 2


async def test_the_same_bytes_chosen_by_button_add_nothing(town, people):
    feng = people["two"]
    await feng.uploads(pdf(), caption="/file 业务考核")
    await feng.uploads(pdf(), caption="/file")
    question = feng.answers()[-1]
    await feng.presses("报送：东门派出所")
    await again(town)
    assert "没有重复报送" in feng.screen() and len(kept(town)) == 1
    data = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert "已经处理过" in await feng.presses_data(question, data, forged=True)
    assert "失效" in await people["liaison"].presses_data(
        people["liaison"].town.world.store.messages(people["liaison"].id, limit=1)[-1], data, forged=True
    )


async def test_a_liaison_whose_post_ended_files_nothing_any_more(town, people):
    feng = people["two"]
    await feng.uploads(pdf(), caption="/file")
    async with town.app.database.transaction() as session:
        row = await storage.find(session, feng.id)
        await storage.remove(session, person_id=row.id, by=row.id, now=town.clock())
        await storage.appoint(
            session, person_id=row.id, post=Post(Role.LIAISON, unit="zhian"), granted_by=None, now=town.clock()
        )
    assert "您的职务有变动" in await feng.presses("报送：东门派出所")
    assert kept(town) == []


# Deciding


async def filed(town: Town, people: dict[str, Player], text: str = "一") -> None:
    await people["liaison"].uploads(pdf(text), caption="/file")


async def test_the_office_opens_and_accepts_it_and_the_filer_hears(town, people):
    await filed(town, people)
    lin, zhou, shen = people["office"], people["liaison"], people["other"]
    await lin.presses("看文件")
    (document,) = lin.answers()
    assert document["document"]["file_name"] == "细则.pdf"
    assert "第 1 版，周联络 11月10日 09:00报送，待审" in text_of(document)
    await lin.presses("通过")
    assert "林主任 11月10日 09:00通过" in lin.screen()
    assert "备案已通过：2026 年城关派出所《民警业务考核细则》第 1 版" in zhou.screen()
    assert "此前已由林主任通过" in await shen.presses("退回")
    assert "此前已由林主任通过" in await shen.presses("通过")
    assert verdicts(town) == [(1, 1, None)]
    assert zhou.screen().count("备案已通过") == 1
    assert [act for act, _, _ in acts(town)] == ["filed", "filing_seen", "filing_accepted"]
    await lin.says("/audit 城关所")
    assert "通过备案文件" in lin.sees() and "报送备案文件" in lin.sees()


async def test_a_return_needs_a_reason_and_the_filer_files_anew(town, people):
    await filed(town, people)
    lin, zhou = people["office"], people["liaison"]
    await lin.presses("退回")
    assert "请发送退回的原因" in lin.sees() and verdicts(town) == []
    await town.restart()
    await lin.says("……")
    assert "请用文字写明" in lin.sees() and verdicts(town) == []
    await lin.says("缺少签字页")
    assert "已退回 2026 年城关派出所" in lin.sees()
    assert verdicts(town) == [(1, 0, "缺少签字页")]
    assert "备案被退回：2026 年城关派出所《民警业务考核细则》第 1 版。\n原因：缺少签字页" in zhou.screen()
    await zhou.uploads(pdf("一"), caption="/file")
    assert "第 1 版（已退回）。请按退回的意见改好后再报" in zhou.sees()
    await zhou.presses("重新报送")
    await zhou.uploads(pdf("二"))
    assert "第 2 版" in zhou.sees()
    assert all("签字页" not in detail for _, _, detail in acts(town)), "words stay out of the trail"


async def test_a_return_is_given_up(town, people):
    await filed(town, people)
    lin = people["office"]
    await lin.presses("退回")
    await lin.presses("取消")
    await lin.says("缺少签字页")
    assert verdicts(town) == [] and "没有看懂" in lin.sees()


async def test_who_decides_first_decides(town, people):
    await filed(town, people)
    lin, shen = people["office"], people["other"]
    await lin.presses("退回")
    await shen.presses("通过")
    await lin.says("缺少签字页")
    assert "此前已由沈干事通过" in lin.sees()
    assert verdicts(town) == [(1, 1, None)]
    assert "退回" not in people["liaison"].screen()


async def test_an_older_version_is_not_decided_on(town, people):
    await filed(town, people)
    lin = people["office"]
    first = town.world.store.messages(lin.id, limit=1)[-1]
    await filed(town, people, "二")
    for label in ("通过", "退回"):
        assert "请审第 2 版" in await lin.presses(label, on=first)
    assert verdicts(town) == []


async def test_handled_twice_a_decision_is_one(town, people):
    await filed(town, people)
    await people["office"].presses("通过")
    await again(town)
    assert verdicts(town) == [(1, 1, None)]
    assert people["liaison"].screen().count("备案已通过") == 1


async def test_handled_twice_a_return_and_its_reason_are_one(town, people):
    await filed(town, people)
    lin, zhou = people["office"], people["liaison"]
    await lin.presses("退回")
    await again(town)
    await lin.says("缺少签字页")
    await again(town)
    assert verdicts(town) == [(1, 0, "缺少签字页")]
    assert lin.screen().count("已通知报送人") == 2 and zhou.screen().count("备案被退回") == 1


async def test_who_left_the_office_returns_nothing_any_more(town, people):
    await filed(town, people)
    lin = people["office"]
    await lin.presses("退回")
    async with town.app.database.transaction() as session:
        row = await storage.find(session, lin.id)
        await storage.remove(session, person_id=row.id, by=row.id, now=town.clock())
        await storage.appoint(
            session, person_id=row.id, post=Post(Role.LEADER), granted_by=None, now=town.clock()
        )
    await lin.says("缺少签字页")
    assert "您的职务有变动" in lin.sees() and verdicts(town) == []


async def test_where_the_filer_left_the_units_liaison_hears(town, people):
    await filed(town, people)
    new = await _started(await town.person("新联络", Post(Role.LIAISON, unit="chengguan")))
    async with town.app.database.transaction() as session:
        row = await storage.find(session, people["liaison"].id)
        await storage.remove(session, person_id=row.id, by=row.id, now=town.clock())
    await people["office"].presses("通过")
    assert "备案已通过" in new.screen() and "备案已通过" not in people["liaison"].screen()


# Who is told, and what is kept of it


async def two_liaisons(town: Town) -> None:
    """A second liaison of 城关派出所."""
    await _started(await town.person("周副联络", Post(Role.LIAISON, unit="chengguan")))


async def test_a_filed_document_is_told_to_everybody_of_the_office_to_decide_and_to_nobody_else(town, people):
    await two_liaisons(town)
    await filed(town, people)
    buttons = ["通过", "退回", "看文件"]
    assert told(town, "请看过文件后决定") == {"林主任": buttons, "沈干事": buttons}


async def test_what_the_office_files_itself_is_told_to_nobody(town, people):
    await people["office"].uploads(pdf(), caption="/file 派出所等级评定")
    assert told(town, "") == {}


async def test_the_filer_alone_hears_what_was_decided_and_files_anew_by_a_button(town, people):
    await two_liaisons(town)
    await filed(town, people)
    await people["other"].presses("退回")
    await people["other"].says("缺少签字页")
    assert told(town, "备案被退回") == {"周联络": ["重新报送"]}
    await filed(town, people, "二")
    await people["other"].presses("通过")
    assert told(town, "备案已通过") == {"周联络": []}


async def test_where_the_filer_left_every_liaison_of_that_unit_hears(town, people):
    await two_liaisons(town)
    await _started(await town.person("新联络", Post(Role.LIAISON, unit="chengguan")))
    await filed(town, people)
    await replaced(town, people["liaison"], Post(Role.LIAISON, unit="dongmen"))
    await people["office"].presses("退回")
    await people["office"].says("缺少签字页")
    assert told(town, "备案被退回") == {"周副联络": ["重新报送"], "新联络": ["重新报送"]}


async def replaced(town: Town, player: Player, post: Post) -> None:
    """The person's posts end, and it is appointed to another."""
    async with town.app.database.transaction() as session:
        row = await storage.find(session, player.id)
        await storage.remove(session, person_id=row.id, by=row.id, now=town.clock())
        await storage.appoint(session, person_id=row.id, post=post, granted_by=None, now=town.clock())


async def test_the_trail_tells_who_filed_looked_and_decided_of_which_unit_and_version(town, people):
    await filed(town, people)
    await people["two"].uploads(pdf("东门"), caption="/file 业务考核")
    lin, shen = people["office"], people["other"]
    await people["head"].says("/filings")
    await people["head"].presses("看文件")
    await lin.presses("退回")
    await lin.says("缺少签字页")
    await filed(town, people, "二")
    await shen.presses("通过")
    await lin.uploads(pdf("考评办"), caption="/file 派出所等级评定")
    assert [line[:3] + line[4:] for line in trail(town) if line[0].startswith("fil")] == [
        ("filed", "周联络", "chengguan", "station-officers 2026 第 1 版"),
        ("filed", "冯联络", "dongmen", "station-officers 2026 第 1 版"),
        ("filing_seen", "所长", "chengguan", "station-officers 2026 第 1 版"),
        ("filing_returned", "林主任", "dongmen", "station-officers 2026 第 1 版"),
        ("filed", "周联络", "chengguan", "station-officers 2026 第 2 版"),
        ("filing_accepted", "沈干事", "chengguan", "station-officers 2026 第 2 版"),
        ("filed", "林主任", None, "station-rating 2026 第 1 版"),
    ]


async def test_signs_of_html_in_a_reason_and_a_files_name_are_shown_as_they_were_typed(town, people):
    zhou, lin = people["liaison"], people["office"]
    await zhou.uploads(Upload("细则甲&乙.pdf", pdf().content), caption="/file")
    assert "文件 细则甲&乙.pdf" in zhou.sees()
    assert "文件：细则甲&乙.pdf" in lin.screen()
    await lin.presses("退回")
    await lin.says("缺<b>签字 & 盖章")
    assert "原因：缺<b>签字 & 盖章" in zhou.screen()
    await zhou.says("/file")
    assert "（已退回：缺<b>签字 & 盖章）" in zhou.sees()
    await zhou.presses("报送：城关派出所")
    assert "（已退回：缺<b>签字 & 盖章）" in zhou.sees()
    await lin.says("/filings")
    await lin.presses("明细：民警业务考核细则")
    assert "退回：缺<b>签字 & 盖章" in lin.sees()


async def test_whose_post_ended_between_the_question_and_the_file_files_nothing(town, people):
    feng = people["two"]
    await feng.says("/file 业务考核")
    await replaced(town, feng, Post(Role.LIAISON, unit="zhian"))
    await feng.uploads(pdf())
    assert kept(town) == []


async def test_who_decides_no_more_accepts_nothing(town, people):
    await filed(town, people)
    lin = people["office"]
    await replaced(town, lin, Post(Role.LEADER))
    assert "没有这项权限" in await lin.presses("通过")
    assert verdicts(town) == []


# Reading


async def test_the_office_and_leaders_see_who_filed_and_who_is_missing(town, people):
    lin, gao = people["office"], people["leader"]
    await filed(town, people)
    await lin.presses("通过")
    await people["two"].uploads(pdf("二"), caption="/file 业务考核")
    await lin.uploads(pdf("三"), caption="/file 派出所等级评定")
    for reader in (lin, gao):
        await reader.says("/filings")
        assert "2026年　1月31日截止\n应报 44 份：已通过 2、待审 1、未报 41" in reader.sees()
        assert "《民警业务考核细则》\n　22 份：已通过 1、待审 1、未报 20" in reader.sees()
        assert "未报：西街派出所" in reader.sees() and "等 20 个" in reader.sees()
        assert "治安大队　未报" in reader.sees()
    await gao.presses("明细：民警业务考核细则")
    assert "城关派出所　已通过　第 1 版　周联络" in gao.sees() and "石门派出所　未报" in gao.sees()
    assert gao.buttons() == ["看文件：城关派出所", "看文件：东门派出所"]
    await gao.presses("看文件：东门派出所")
    assert "document" in gao.answers()[0]
    await lin.presses("明细：民警业务考核细则")
    assert lin.buttons() == ["看文件：城关派出所", "审：东门派出所"]
    await lin.presses("审：东门派出所")
    await lin.presses("通过")
    assert verdicts(town)[-1][:2] == (2, 1)


async def test_a_kind_of_very_many_units_is_read_page_by_page(town, people, monkeypatch):
    monkeypatch.setattr(filing_review, "A_PAGE", 15)
    lin = people["office"]
    await lin.says("/filings")
    await lin.presses("明细：民警业务考核细则")
    assert "城关派出所" in lin.sees() and "渡口派出所" not in lin.sees()
    await lin.presses("下一页")
    assert "渡口派出所" in lin.sees() and "22 份：未报 22" in lin.sees() and lin.buttons() == []


async def test_another_year_is_looked_at_on_its_own(town, people):
    await filed(town, people)
    await people["office"].says("备案情况 2027")
    assert "2027年" in people["office"].sees() and "应报 44 份：未报 44" in people["office"].sees()
    await people["office"].says("/filings 明年")
    assert "“明年”不是能备案的年份" in people["office"].sees()


async def test_a_unit_sees_its_own_only(town, people):
    await filed(town, people)
    await people["two"].uploads(pdf("东门"), caption="/file 业务考核")
    for reader in (people["liaison"], people["head"]):
        await reader.says("/filings")
        assert "城关派出所　待审　第 1 版" in reader.sees() and "东门" not in reader.sees()
        await reader.presses("看文件")
        (document,) = reader.answers()
        assert "document" in document
        for forged in ("fo:2", "fo:99", "fo:x", "fs:2026:station-officers:0"):
            assert "失效" in await reader.presses_data(document, forged, forged=True)


async def test_a_liaison_files_from_the_list_and_a_head_does_not(town, people):
    for name, button in (("liaison", ["报送：城关派出所　民警业务考核细则"]), ("head", [])):
        await people[name].says("/filings")
        assert "城关派出所　未报" in people[name].sees() and people[name].buttons() == button
    await people["head"].uploads(pdf(), caption="/file")
    assert "没有这项权限" in people["head"].sees() and kept(town) == []


async def test_a_file_that_telegram_forgot_comes_from_the_vault(town, people):
    await filed(town, people)
    lin = people["office"]
    with town.beside() as db:
        db.unguard("evidence")
        db.execute("UPDATE evidence SET file_id = 'forgotten'")
    await lin.presses("看文件")
    (document,) = lin.answers()
    assert town.world.store.file(document["document"]["file_id"])[2] == pdf().content


@pytest.mark.parametrize(
    "post",
    [None, Post(Role.OFFICER, unit="chengguan"), Post(Role.ASSESSOR, group=STATIONS), Post(Role.ADMIN)],
    ids=["stranger", "officer", "assessor", "admin"],
)
async def test_nobody_else_gets_anything(town, people, post):
    await filed(town, people)
    other = await town.person("别人", *([post] if post else []))
    for said in ("/file", "/filings", "/filings 2026"):
        await other.says(said)
        assert "细则" not in other.sees() and "城关" not in other.sees()
    await other.uploads(pdf("别人"), caption="/file 业务考核")
    message = town.world.store.messages(other.id, limit=1)[-1]
    for forged in (
        "fo:1",
        "fd:1:y",
        "fd:1:n",
        "fv:1",
        "fs:2026:station-officers:0",
        "fl:2026:station-officers:chengguan",
    ):
        await other.presses_data(message, forged, forged=True)
        assert "document" not in str(other.answers()) and "细则" not in other.sees()
    assert len(kept(town)) == 1 and verdicts(town) == []


async def test_a_liaison_decides_nothing_and_files_for_no_other_unit(town, people):
    await filed(town, people)
    zhou = people["liaison"]
    message = town.world.store.messages(zhou.id, limit=1)[-1]
    for forged in ("fd:1:y", "fd:1:n", "fv:1"):
        assert "没有这项权限" in await zhou.presses_data(message, forged, forged=True)
    for forged in (
        "fl:2026:station-officers:dongmen",
        "fl:2026:station-rating:",
        "fl:x:y:z",
        "fk:99:0:x",
        "fk",
    ):
        assert "失效" in await zhou.presses_data(message, forged, forged=True)
    assert verdicts(town) == []


async def test_a_bureau_without_documents_says_so(town, people):
    town.app.services.policy = replace(town.app.services.policy, filings=())
    await people["liaison"].uploads(pdf(), caption="/file")
    assert "2026 年没有要由您报送的备案文件" in people["liaison"].sees()
    for name, said in (("office", "没有要备案的文件"), ("head", "您的单位没有要备案的文件")):
        await people[name].says("/filings")
        assert said in people[name].sees()


async def test_a_kind_that_the_config_lost_is_still_read(town, people):
    await filed(town, people)
    kinds = (FilingKind("new", "新办法", categories=("派出所",)),)
    town.app.services.policy = replace(town.app.services.policy, filings=kinds)
    await people["office"].presses("看文件")
    assert "《station-officers》" in text_of(people["office"].answers()[0])


# Reminders


@pytest.fixture
async def january(tmp_path):
    """A bureau on 2027-01-11, a Monday, 08:00 in Shanghai; documents are due on 1-31, a Sunday."""
    town = await Town(tmp_path, now=datetime(2027, 1, 11, tzinfo=UTC)).open()
    yield town
    await town.close()


async def on(town: Town, day: date) -> int:
    town.with_now(datetime(day.year, day.month, day.day, 9, tzinfo=UTC) - timedelta(hours=8))
    await by_the_clock(town.app.services, town.clock())
    return await town.app.pusher.send_due()


def reminded(player: Player) -> list[str]:
    messages = player.town.world.store.messages(player.id, limit=1000)
    return [text_of(message) for message in messages if "备案文件　" in text_of(message)]


async def test_a_liaison_goes_from_the_reminder_straight_to_filing_and_is_left_alone(january):
    zhou = await _started(await january.person("周联络", Post(Role.LIAISON, unit="chengguan")))
    lin = await _started(await january.person("林主任", Post(Role.OFFICE)))
    gao = await _started(await january.person("高局长", Post(Role.LEADER)))
    for day in range(12, 19):
        await on(january, date(2027, 1, day))
    assert len(reminded(zhou)) == 2, "on the Sunday two weeks before, and the Friday before it"
    assert (
        "2027年：还有 14 天，1月31日截止。还没有报送：\n　城关派出所《民警业务考核细则》" in reminded(zhou)[1]
    )
    await zhou.presses("报送：城关派出所")
    await zhou.uploads(pdf())
    await on(january, date(2027, 1, 22))
    assert len(reminded(zhou)) == 2
    await lin.presses("退回")
    await lin.says("缺少签字页")
    await on(january, date(2027, 1, 28))
    assert "（已退回，请改好后重报）" in reminded(zhou)[2]
    await on(january, date(2027, 2, 1))
    await on(january, date(2027, 2, 2))
    assert len(reminded(zhou)) == 3 and not reminded(gao)
    (*own, late) = reminded(lin)
    assert all("考评办《江城市公安局2027年度" in text for text in own)
    assert "2027年：已过期限 1 天（1月31日截止），应报 44 份，还缺 44 份（其中已退回 1 份）" in late
    assert "等 42 个。详细情况发送 /filings 2027。" in late


async def test_it_is_muted_until_three_days_before(january):
    zhou = await _started(await january.person("周联络", Post(Role.LIAISON, unit="chengguan")))
    await zhou.says("/settings")
    assert "到期前 3 天内的备案提醒不能关闭" in zhou.sees()
    await zhou.presses("🔔 已开启：备案提醒")
    for day in range(12, 32):
        await on(january, date(2027, 1, day))
    assert ["还有 3 天" in reminded(zhou)[0], len(reminded(zhou))] == [True, 4]


async def test_the_office_mutes_its_own_but_not_what_is_late(january):
    lin = await _started(await january.person("林主任", Post(Role.OFFICE)))
    await lin.says("/settings")
    await lin.presses("🔔 已开启：备案提醒")
    await on(january, date(2027, 1, 15))
    assert not reminded(lin)
    await on(january, date(2027, 2, 1))
    assert len(reminded(lin)) == 1
