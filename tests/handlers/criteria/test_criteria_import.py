"""The office imports criteria: looked over first, all or nothing, and nothing that was logged changes."""

import io

import openpyxl
from conversation import Post, Role, entries

from sandbox.world import Upload


def changed(content, change):
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book["细则"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def template(town, lin):
    await lin.says("/criteria")
    await lin.presses("派出所 模板")
    document = next(m for m in lin.answers() if "document" in m)
    return town.world.store.file(document["document"]["file_id"])[2]


async def test_a_template_filled_in_is_imported_after_it_was_seen(town):
    wang, lin = await town.assessor(), await town.person("林主任", Post(Role.OFFICE))
    await wang.says("/deduct 城关所 2.1 旧细则")
    content = await template(town, lin)

    def change(sheet):
        sheet.append(("情报信息", "7.1", "迟报", "0.25", "起", "", ""))

    await lin.uploads(Upload("x.xlsx", changed(content, change)))
    assert "派出所细则 6 条" in lin.sees()
    await wang.says("/deduct 城关所 7.1 x2 还没有")
    assert len(entries(town)) == 1
    await lin.presses("导入")
    assert "已导入派出所细则 6 条" in lin.screen()
    await town.restart()
    await wang.says("/deduct 城关所 7.1 x2 现在有了")
    assert [row[3] for row in entries(town)] == [50, 50]
    await wang.says("/why 城关所")
    assert "细则 2.1 巡查台账缺失或不完整（每处 0.5 分）" in wang.sees()


async def test_errors_are_told_by_row_and_nothing_is_imported(town):
    lin = await town.person("林主任", Post(Role.OFFICE))
    content = await template(town, lin)

    def change(sheet):
        sheet.append(("情报信息", "2.1", "编号重复", 1, "", "", ""))
        sheet.append(("没有的项目", "9", "x", 1, "", "", ""))

    await lin.uploads(Upload("x.xlsx", changed(content, change)), caption="/criteria 派出所")
    assert "第 8 行　编号：编号“2.1”与第 3 行重复" in lin.sees()
    assert "第 9 行　项目：没有“没有的项目”这个项目" in lin.sees()
    assert "导入" not in "".join(lin.buttons())


async def test_what_is_no_workbook_gets_a_sentence(town):
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.uploads(Upload("x.xlsx", b"hello"), caption="/criteria")
    assert "不是 .xlsx 工作簿" in lin.sees()


async def test_an_assessor_imports_none(town):
    wang = await town.assessor()
    await wang.uploads(Upload("x.xlsx", b"hello"), caption="/criteria")
    assert "没有这项权限" in wang.sees()


async def test_what_no_database_holds_is_left_out_of_a_cell(town):
    lin = await town.person("林主任", Post(Role.OFFICE))
    content = await template(town, lin)

    def change(sheet):
        # A workbook writes NUL so.
        sheet.append(("情报信息", "7.1", "迟_x0000_报", "0.25", "起", "", ""))

    await lin.uploads(Upload("x.xlsx", changed(content, change)))
    await lin.presses("导入")
    assert "已导入派出所细则 6 条" in lin.screen()
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM inbox WHERE tries > 0").fetchone() == (0,)
    await town.restart()
    assert [c.text for item in town.app.services.bureau.schemes[0].items for c in item.criteria][-1] == "迟报"
