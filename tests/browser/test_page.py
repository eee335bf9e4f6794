"""The page as a person uses it."""

import re

import pytest
from playwright.sync_api import expect

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)
ASSESSOR, ADMIN, LEADER = 1007, 1001, 1003


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
    page = chat(ASSESSOR)
    page.get_by_test_id("new-group").click()
    page.get_by_test_id("ask").fill("小组群")
    page.get_by_test_id("ok").click()
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
