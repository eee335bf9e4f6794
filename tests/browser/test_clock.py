"""The clock on the page: set, run fast and stopped by a person, and seen by everybody."""

import re

import pytest
from playwright.sync_api import expect

HEAD, LEADER = 1005, 1003


@pytest.fixture
def chat(page, fresh_address):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def open_as(person):
        page.goto(f"{fresh_address}/#as={person}")
        page.reload()
        expect(page.get_by_test_id("title")).to_have_text("考评助手")
        return page

    yield open_as
    assert faults == []


def set_to(page, at, way):
    page.get_by_test_id("clock-at").fill(at)
    page.get_by_test_id(way).click()


@pytest.mark.browser_context_args(timezone_id="America/New_York", locale="en-US")
def test_run_fast_into_the_week_of_the_deadline_the_head_is_reminded(chat):
    page = chat(HEAD)
    clock = page.get_by_test_id("clock")
    expect(clock).to_contain_text("2026年11月10日 周二")
    expect(clock).to_contain_text(re.compile("^10:0"))
    clock.click()
    expect(page.get_by_test_id("clock-at")).to_have_value(re.compile("^2026-11-10T10:0"))
    set_to(page, "2027-03-06T08:00", "clock-jump")
    expect(clock).to_have_text("08:002027年3月6日 周六")
    expect(page.locator(".said")).to_have_count(0)
    set_to(page, "2027-03-08T09:30", "clock-fast")
    expect(clock).to_have_text("09:302027年3月8日 周一", timeout=15_000)
    last = page.locator(".said").last
    expect(last).to_contain_text("还有 7 天，3月15日截止")
    expect(last.locator("time")).to_have_text("09:00")
    expect(page.locator(".day").last).to_have_text("2027年3月8日 周一")
    assert page.locator(".day").count() == page.locator(".said").count() == 2, "each day under its own line"
    expect(last.get_by_role("button", name="提交").last).to_be_visible()

    set_to(page, "2027-03-01T09:30", "clock-fast")
    expect(page.get_by_test_id("toast")).to_contain_text("快进只能往后，现在是 2027年3月8日 周一 09:30")
    page.locator("#log").click(position={"x": 5, "y": 5})
    expect(page.get_by_test_id("timing")).not_to_be_visible()
    last.get_by_role("button", name="看进度").last.click()
    expect(page.locator(".said").last).to_contain_text("检查完毕 0 / 22")

    page.reload()
    expect(clock).to_contain_text("2027年3月8日 周一")
    expect(page.locator(".day")).to_have_count(2)


def test_a_run_is_stopped_and_every_page_sees_the_clock_move(chat, fresh_address):
    page = chat(HEAD)
    page.set_viewport_size({"width": 390, "height": 844})
    other = page.context.new_page()
    other.goto(f"{fresh_address}/#as={LEADER}")
    expect(other.get_by_test_id("clock")).to_contain_text("2026年11月10日 周二")
    page.get_by_test_id("clock").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_test_id("timing")).to_be_in_viewport(ratio=1)
    set_to(page, "2028-03-08T09:30", "clock-fast")
    expect(page.get_by_test_id("clock-until")).to_have_text("正在快进到 2028年3月8日 周三 09:30")
    expect(other.get_by_test_id("clock")).to_have_class(re.compile("running"))
    expect(other.locator(".said", has_text="台账校验码").first).to_be_visible()
    page.get_by_test_id("clock-stop").click()
    for seen in (page, other):
        expect(seen.get_by_test_id("clock")).to_have_class("moved")
        expect(seen.get_by_test_id("clock")).to_contain_text("2026年")
    expect(page.get_by_test_id("clock-at")).to_be_visible()
    page.get_by_role("button", name="+1天").click()
    expect(page.get_by_test_id("clock-stop")).not_to_be_visible()
