"""The page as a person uses it."""

import asyncio
import json
import re
import threading

import pytest
from playwright.sync_api import expect

from bot.trial import FONTS
from sandbox.botapi import BotApi
from sandbox.server import SandboxServer
from sandbox.world import Upload, World
from tests.made_up import TOKEN

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)
ASSESSOR, ADMIN, OFFICE, LEADER = 1007, 1001, 1002, 1003


@pytest.fixture
def chat(page, address):
    """The page, opened as somebody; nothing it asks for leaves this computer, and nothing fails in it."""
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))

    def open_as(person):
        page.goto(f"{address}/#as={person}")
        page.reload()
        expect(page.get_by_test_id("title")).to_have_text("考评助手")
        return page

    yield open_as
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)
    assert faults == []


class Corner:
    """A local Telegram of its own, with a bot that only knows three names: for what the page itself does."""

    NAMES = ("城关派出所", "东门派出所", "西街派出所")

    def __init__(self):
        self.asked = []
        self.started, self.stopping = threading.Event(), asyncio.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.thread.start()
        assert self.started.wait(10)

    async def _serve(self):
        self.world = World(token=TOKEN)
        self.world.add_person("王伟", id=5)
        self.world.send(5, 5, "/start")
        self.world.confirm(10**12)
        self.api, self.loop = BotApi(self.world), asyncio.get_running_loop()
        server = SandboxServer(self.world, self.api, fonts=FONTS)
        self.address = await server.start()
        bot = asyncio.create_task(self._bot())
        self.started.set()
        await self.stopping.wait()
        bot.cancel()
        await server.stop()

    async def _bot(self):
        while True:
            await self.world.wait_for_updates(60)
            for update in list(self.world.pending):
                self.world.confirm(update["update_id"] + 1)
                if "inline_query" in update:
                    await self._answer(update["inline_query"])

    async def _answer(self, query):
        self.asked.append(query["query"])
        results = [
            {"type": "article", "id": str(number), "title": name, "description": f"<b>{number}</b>",
             "input_message_content": {"message_text": f"查 <b>{name}</b>", "parse_mode": "HTML"}}
            for number, name in enumerate(self.NAMES) if query["query"] in name
        ]  # fmt: skip
        await self.api.call(
            "answerInlineQuery", {"inline_query_id": query["id"], "results": json.dumps(results)}
        )

    def sends(self, method, files=None, **params):
        """The bot does something."""
        reply = asyncio.run_coroutine_threadsafe(self.api.call(method, params, files), self.loop).result(10)
        assert reply.body["ok"], reply.body

    def close(self):
        self.loop.call_soon_threadsafe(self.stopping.set)
        self.thread.join(10)


@pytest.fixture
def corner(page):
    """The page on a small Telegram of its own."""
    here, faults = Corner(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{here.address}/#as=5")
    expect(page.get_by_test_id("title")).to_have_text("考评助手")
    expect(page.locator(".said")).to_have_count(1)
    yield here
    here.close()
    assert faults == []


def say(page, text):
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("composer").press("Enter")


def last(page):
    return page.locator(".said").last


def test_an_assessor_logs_a_deduction_and_asks_for_score_and_ranking(chat):
    page = chat(ASSESSOR)
    say(page, "/deduct 城关所 治安管理 2")
    expect(last(page)).to_contain_text("治安管理 10 → 8")
    say(page, "巡查台账缺失")
    expect(page.locator(".said", has_text="原因：巡查台账缺失")).to_be_visible()
    say(page, "/score 城关所")
    expect(last(page)).to_contain_text("总分 98")
    expect(last(page).locator("img")).to_be_visible()
    say(page, "/rank 派出所一序列")
    expect(last(page)).to_contain_text("5. 城关派出所")
    last(page).locator("img").click()
    expect(page.get_by_test_id("large")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("large")).not_to_be_visible()


def test_a_button_changes_the_card_and_says_so(chat):
    page = chat(ASSESSOR)
    say(page, "/deduct 东门所 治安管理 1 原因")
    expect(last(page)).to_contain_text("已登记")
    last(page).get_by_role("button", name="撤销").click()
    expect(page.get_by_test_id("toast")).to_contain_text("已撤销")
    expect(last(page)).to_contain_text("不再扣分")
    expect(last(page).locator("s")).to_be_visible()


def test_the_command_menu_by_keyboard(chat):
    page = chat(ASSESSOR)
    say(page, "/help")
    expect(last(page)).to_contain_text("您的身份")
    page.reload()
    field = page.get_by_test_id("composer")
    field.press_sequentially("/s")
    expect(page.get_by_test_id("menu")).to_contain_text("查一个单位的成绩")
    field.press("Tab")
    expect(field).to_have_value("/score ")


@pytest.mark.parametrize("late", ["**/api/state", "**/api/commands*"])
def test_what_is_typed_while_the_page_comes_up_stays_and_finds_its_commands(chat, late):
    page, held, coming = chat(ASSESSOR), [], threading.Event()
    say(page, "/help")
    expect(last(page)).to_contain_text("您的身份")
    page.route(late, lambda route: route.fallback() if coming.is_set() else held.append(route))
    page.reload()
    field = page.get_by_test_id("composer")
    field.press_sequentially("/s")
    expect(page.get_by_test_id("menu")).to_be_hidden()
    page.unroute(late)
    coming.set()
    while held:
        held.pop().fallback()
    expect(page.get_by_test_id("menu")).to_contain_text("查一个单位的成绩")
    expect(field).to_have_value("/s")
    page.reload()
    expect(field).to_have_value("/s")


def test_enter_that_ends_a_composition_sends_nothing(chat):
    page = chat(ASSESSOR)
    field = page.get_by_test_id("composer")
    field.fill("城关")
    field.evaluate(
        "node => node.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(field).to_have_value("城关")


def test_what_people_write_stays_text(chat):
    page = chat(ASSESSOR)
    say(page, '/deduct 西街所 治安管理 1 <img src=x onerror="document.title=1">')
    expect(last(page)).to_contain_text("<img src=x")
    assert page.locator(".text img").count() == 0
    assert page.title() == "考评助手 · 本地试用"


def test_a_photo_and_a_file_are_sent(chat):
    page = chat(ASSESSOR)
    page.get_by_test_id("file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PNG})
    expect(page.locator(".mine img").last).to_be_visible()
    page.get_by_test_id("file").set_input_files(
        {"name": "台账.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1"}
    )
    expect(page.locator(".mine", has_text="台账.pdf").last).to_be_visible()


def test_an_invitation_is_opened_by_somebody_new(chat):
    page = chat(ADMIN)
    say(page, "/invite 考核员 派出所考核小组")
    expect(last(page)).to_contain_text("邀请链接已生成")
    last(page).get_by_role("link", name=re.compile("start=")).click()
    page.get_by_test_id("open-as-new").click()
    page.get_by_test_id("ask").fill("小刘")
    page.get_by_test_id("ok").click()
    expect(last(page)).to_contain_text("小刘，您已加入")


def test_a_group_chat(chat):
    page = chat(OFFICE)
    page.get_by_test_id("new-group").click()
    page.get_by_test_id("ask").fill("小组群")
    page.get_by_label("赵考核员").check()
    page.get_by_test_id("ok").click()
    expect(page.get_by_test_id("title")).to_have_text("小组群")
    say(page, "/bind 派出所考核小组")
    page.get_by_test_id(f"person-{ASSESSOR}").click()
    expect(page.get_by_test_id("title")).to_have_text("考评助手")
    page.locator("#chats").get_by_text("小组群").click()
    expect(page.get_by_test_id("title")).to_have_text("小组群")
    say(page, "/deduct 北关所 治安管理 1 原因")
    expect(last(page)).to_contain_text("已登记")


def test_on_a_phone_the_list_is_a_drawer(chat):
    page = chat(ASSESSOR)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_test_id(f"person-{LEADER}")).not_to_be_in_viewport()
    page.get_by_test_id("drawer").click()
    page.get_by_test_id(f"person-{LEADER}").click()
    expect(page.locator("#subtitle")).to_contain_text("高局长")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_reload_goes_on_where_it_was(chat):
    page = chat(LEADER)
    say(page, "/rank 派出所二序列")
    expect(last(page)).to_contain_text("派出所第二序列")
    page.reload()
    expect(page.locator("#subtitle")).to_contain_text("高局长")
    expect(last(page)).to_contain_text("派出所第二序列")


def test_inline_results_by_keyboard(page, corner):
    field, found = page.get_by_test_id("composer"), page.get_by_test_id("inline")
    field.press_sequentially("@kaoping_sandbox_bot 派出所", delay=10)
    expect(found.get_by_role("option")).to_have_count(3)
    assert corner.asked == ["派出所"]
    expect(found.locator(".here")).to_contain_text("城关派出所<b>0</b>")
    for key in ("ArrowUp", "ArrowUp", "ArrowDown"):
        field.press(key)
    expect(found.locator("[aria-selected=true]")).to_contain_text("西街派出所")
    field.press("Enter")
    expect(last(page)).to_contain_text("经由 @kaoping_sandbox_bot")
    expect(last(page).locator("b")).to_have_text("西街派出所")
    expect(found).not_to_be_visible()
    expect(field).to_have_value("")


def test_inline_results_by_mouse_as_a_reply(page, corner):
    page.locator(".said").last.dblclick()
    page.get_by_test_id("composer").fill("@Kaoping_Sandbox_Bot　东门")
    page.get_by_test_id("inline").get_by_role("option", name="东门派出所").click()
    expect(last(page)).to_contain_text("查 东门派出所")
    expect(last(page).locator(".quote")).to_have_text("/start")
    expect(page.get_by_test_id("inline")).not_to_be_visible()


def test_inline_results_are_closed_by_escape_and_follow_what_is_typed(page, corner):
    field, found = page.get_by_test_id("composer"), page.get_by_test_id("inline")
    field.fill("@kaoping_sandbox_bot 没有的")
    expect(found).to_contain_text("没有结果")
    field.fill("@kaoping_sandbox_bot ")
    expect(found.get_by_role("option")).to_have_count(3)
    field.press("Escape")
    expect(found).not_to_be_visible()
    field.fill("@kaoping_sandbox_bot 城关")
    expect(found.get_by_role("option")).to_have_count(1)
    field.fill("@kaoping_sandbox_bo 城关")
    expect(found).not_to_be_visible()
    field.press("Enter")
    expect(last(page)).to_have_text(re.compile("@kaoping_sandbox_bo 城关"))
    assert corner.asked == ["没有的", "", "城关"]


def test_enter_before_the_results_waits_for_them(page, corner):
    field, found = page.get_by_test_id("composer"), page.get_by_test_id("inline")
    field.fill("@kaoping_sandbox_bot 西街")
    field.press("Enter")
    expect(found.get_by_role("option")).to_have_count(1)
    expect(page.locator(".said")).to_have_count(1)
    field.press("Tab")
    expect(last(page)).to_contain_text("查 西街派出所")


def test_a_button_that_switches_to_inline_mode(page, corner):
    keyboard = {"inline_keyboard": [[{"text": "查单位", "switch_inline_query_current_chat": "城关"}]]}
    corner.sends("sendMessage", chat_id=5, text="要查哪个？", reply_markup=keyboard)
    last(page).get_by_role("button", name="查单位").click()
    expect(page.get_by_test_id("composer")).to_have_value("@kaoping_sandbox_bot 城关")
    expect(page.get_by_test_id("inline").get_by_role("option")).to_have_count(1)


def test_several_pictures_are_an_album_side_by_side(page, corner):
    page.get_by_test_id("composer").fill("门口和院内")
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("attach").click()
    assert chooser.value.is_multiple()
    chooser.value.set_files([{"name": f"{n}.png", "mimeType": "image/png", "buffer": PNG} for n in range(4)])
    album = last(page).get_by_test_id("album")
    expect(album.locator("img")).to_have_count(4)
    expect(last(page)).to_contain_text("门口和院内")
    expect(page.locator(".said")).to_have_count(2)
    expect(page.get_by_test_id("composer")).to_have_value("")
    first, second, third, _ = (image.bounding_box() for image in album.locator("img").all())
    assert first["y"] == second["y"] < third["y"]
    assert first["x"] == third["x"] < second["x"]
    page.reload()
    expect(last(page).locator("img")).to_have_count(4)
    expect(page.locator(".said")).to_have_count(2)
    album.locator("img").last.click()
    expect(page.get_by_test_id("large")).to_be_visible()


def test_what_the_bot_sends_together_stays_together(page, corner):
    files = {"a": Upload("a.png", PNG), "b": Upload("b.png", PNG)}
    media = [{"type": "photo", "media": f"attach://{name}", "caption": f"图{name}"} for name in files]
    corner.sends("sendMediaGroup", files, chat_id=5, media=media)
    expect(last(page).get_by_test_id("album").locator("img")).to_have_count(2)
    expect(last(page)).to_contain_text("图a图b")
    corner.sends("editMessageCaption", chat_id=5, message_id=3, caption="改过")
    expect(last(page)).to_contain_text("图a改过")
    corner.sends("deleteMessage", chat_id=5, message_id=2)
    expect(last(page).locator("img")).to_have_count(1)


def test_a_file_is_a_row_to_download(page, corner):
    corner.sends("sendDocument", {"document": Upload("台账.xlsx", b"x" * 2048)}, chat_id=5, caption="见附件")
    row = last(page).get_by_test_id("file-row")
    expect(row).to_contain_text("台账.xlsx2 KB")
    with page.expect_download() as download:
        row.get_by_role("link", name="下载").click()
    assert download.value.suggested_filename == "台账.xlsx"
    assert download.value.path().read_bytes() == b"x" * 2048


def test_a_reply_is_written_from_the_page(page, corner):
    corner.sends("sendMessage", chat_id=5, text="哪个原因？")
    last(page).hover()
    last(page).get_by_role("button", name="回复").click()
    say(page, "台账缺失")
    expect(last(page).locator(".quote")).to_have_text("哪个原因？")


def test_a_group_that_the_bot_left_says_so(page, corner):
    page.get_by_test_id("new-group").click()
    page.get_by_test_id("ask").fill("小组群")
    page.get_by_test_id("ok").click()
    expect(page.get_by_test_id("title")).to_have_text("小组群")
    corner.sends("leaveChat", chat_id=corner.world.groups()[0].id)
    expect(page.locator("#subtitle")).to_contain_text("机器人已退出本群")


def test_chinese_can_be_read_on_a_computer_without_a_chinese_font(page, corner):
    loads = "weight => document.fonts.load(`${weight} 15px 'brought along'`, '考评').then(faces => faces.map(f => f.status))"
    assert page.evaluate(loads, 400) == page.evaluate(loads, 700) == ["loaded"]
    assert (
        page.evaluate("document.fonts.load('15px \"brought along\"', 'Latin').then(faces => faces.length)") == 0
    )
    assert '"brought along"' in page.evaluate("getComputedStyle(document.body).fontFamily")
    assert page.request.get(f"{corner.address}/fonts/500").status == 404
