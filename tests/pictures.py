"""Takes the README's pictures from a real conversation in the real page: make pictures."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "pictures"
ARGUMENTS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
ASSESSOR = 1007

LINES = (
    "/deduct 东门所 执法质量 0.5 卷宗缺页",
    "/deduct 西街所 人口管理 1.5 登记不及时",
    "/deduct 西街所 治安管理 2 旅馆检查缺失",
    "/deduct 南湖所 打击 3 一般案件未按期结案",
    "/deduct 南湖所 情报信息 0.5 迟报一起",
    "/deduct 城关所 队伍管理 1 值班脱岗",
    "/done 东门所",
    "/done 西街所",
    "/done 城关所",
    "/done 北关所",
)


def say(page: Page, text: str, *, picture: bool = False) -> None:
    """Say a line, and wait for the answer."""
    before = page.locator(".said").count()
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("composer").press("Enter")
    expect(page.locator(".said")).to_have_count(before + 2, timeout=15_000)
    if picture:
        expect(page.locator(".said").last.locator("img")).to_be_visible()
        page.wait_for_timeout(400)


def take(address: str) -> None:
    """The conversation."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS.split())
        page = browser.new_page(
            viewport={"width": 1180, "height": 860}, timezone_id="Asia/Shanghai", locale="zh-CN"
        )
        page.goto(f"{address}/#as={ASSESSOR}")
        for line in LINES:
            say(page, line)
        say(page, "/deduct 城关所 治安管理 2")
        say(page, "巡查台账缺失")
        page.screenshot(path=TARGET / "page.png")
        for name, line in (("score", "/score 城关所"), ("ranking", "/rank 派出所一序列")):
            say(page, line, picture=True)
            source = page.locator(".said").last.locator("img").get_attribute("src")
            (TARGET / f"{name}.png").write_bytes(page.request.get(address + str(source)).body())
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(300)
        page.evaluate("document.querySelector('#log').scrollTop = 1e9")
        page.screenshot(path=TARGET / "phone.png")
        browser.close()


def main() -> None:
    """Start the sandbox on an empty folder, take the pictures, stop it."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", "--data", folder, "--port", "0"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
        try:
            take(address)
        finally:
            process.terminate()
            process.wait(timeout=15)


if __name__ == "__main__":
    main()
