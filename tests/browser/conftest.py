"""A real browser on the real page, with the real bot behind it."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

CHROMIUM = shutil.which("chromium")
ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items):
    """Without chromium these tests are skipped with the reason; where it is required they fail."""
    if CHROMIUM or os.environ.get("KAOPING_REQUIRE_CHROMIUM") == "1":
        return
    for item in items:
        item.add_marker(
            pytest.mark.skip(reason="chromium is not on this machine (Debian: apt-get install chromium)")
        )


@pytest.fixture(scope="session")
def browser_type_launch_args():
    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    return {"executable_path": CHROMIUM or "/usr/bin/chromium", "args": quiet.split()}


@contextmanager
def sandbox(folder):
    """The sandbox as `make run` starts it, on a day without reminders, whatever day it is today; its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox", "--data", str(folder), "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stdout:
        found = re.search(r"http://\S+", line)
        if found:
            break
    answer = httpx.post(
        f"{found[0]}/api/clock", json={"at": "2026-11-10 10:00"}, headers={"X-Sandbox": "1"}, timeout=30
    )
    assert answer.status_code == 200
    yield found[0]
    process.terminate()
    assert process.wait(timeout=10) == 0


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """One sandbox for whatever does not move its clock."""
    with sandbox(tmp_path_factory.mktemp("sandbox")) as here:
        yield here


@pytest.fixture
def fresh_address(tmp_path):
    """A sandbox of one's own."""
    with sandbox(tmp_path) as here:
        yield here
