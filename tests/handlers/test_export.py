"""/export as dialogs: what is in the workbook and the CSV, who gets what of it, and that it says what the bot says."""

import csv
import io
import re
import sqlite3
from datetime import UTC, datetime

import openpyxl
import pytest
from conversation import OFFICES, STATIONS, Post, Role
from enrolment import enrol, method

from sandbox.world import Upload


def received(town, player):
    """The name, the caption and the bytes of the document that came last."""
    message = next(m for m in reversed(player.answers()) if "document" in m)
    document = message["document"]
    return document["file_name"], message["caption"], town.world.store.file(document["file_id"])[2]


def opened(town, player):
    return openpyxl.load_workbook(io.BytesIO(received(town, player)[2]))


async def test_smoke(town):
    wang, lin = await town.assessor(), await town.person("林主任", Post(Role.OFFICE))
    await wang.says("/deduct 城关所 治安管理 2 台账")
    await lin.says("/export")
    print(lin.sees())
    name, caption, content = received(town, lin)
    print(name, caption)
    open("/tmp/ebook.xlsx", "wb").write(content)
