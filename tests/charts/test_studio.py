"""The worker: warm, replaced when it dies, gone with its parent."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from charts.studio import ROOT, ChartFailed, Studio, WorkerGone
from charts.values import Frame, ItemBar, ScoreChart
from charts.worker import LENGTH

CHART = ScoreChart(
    Frame("城关派出所", "2026年第四季度", "", "暂定"), (ItemBar("治安管理", Decimal(10), Decimal(8)),)
)


@pytest.fixture
async def studio():
    here = Studio()
    await here.start()
    yield here
    await here.stop()


async def test_a_worker_that_was_killed_is_replaced(studio):
    await studio.draw(CHART)
    os.kill(studio.pid, signal.SIGKILL)
    assert (await studio.draw(CHART))[:4] == b"\x89PNG"


async def test_one_killed_while_it_draws_is_replaced_too(studio):
    await studio.draw(CHART)
    drawing = asyncio.create_task(studio.draw(CHART))
    await asyncio.sleep(0)
    os.kill(studio.pid, signal.SIGKILL)
    assert (await drawing)[:4] == b"\x89PNG"


async def test_a_chart_that_cannot_be_drawn_costs_no_other(studio):
    broken = ScoreChart(CHART.frame, (ItemBar("x", Decimal(0), Decimal(0)),))
    with pytest.raises(ChartFailed):
        await studio.draw(broken)
    assert (await studio.draw(CHART))[:4] == b"\x89PNG"


@pytest.mark.parametrize("program", ["/nonexistent", "/bin/false"])
async def test_where_no_worker_can_be_had_it_is_told_apart_from_a_chart_that_cannot_be_drawn(
    monkeypatch, program
):
    monkeypatch.setattr(sys, "executable", program)
    studio = Studio()
    with pytest.raises(WorkerGone):
        await studio.draw(CHART)
    await studio.stop()


async def test_the_loop_goes_on_while_it_draws(studio):
    beats = 0

    async def beat():
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    beating = asyncio.create_task(beat())
    await studio.draw(CHART)
    beating.cancel()
    assert beats > 100


async def test_the_worker_ends_with_its_input(studio):
    await studio.draw(CHART)
    pid = studio.pid
    studio._worker.stdin.close()
    await studio._worker.wait()
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("left", ["asked", "half asked"])
def test_a_worker_whose_bot_was_killed_ends_without_a_word(left):
    body = pickle.dumps((CHART, None))
    request = LENGTH.pack(len(body)) + body
    worker = subprocess.Popen(
        [sys.executable, "-m", "charts.worker"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    worker.stdout.close()
    worker.stdin.write(request if left == "asked" else request[:-1])
    worker.stdin.close()
    assert worker.stderr.read() == b""
    assert worker.wait(timeout=30) == 0
