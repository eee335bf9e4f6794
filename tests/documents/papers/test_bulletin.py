"""The .docx of a bulletin: the layout of GB/T 9704, held fact by fact, and the bureau's own template."""

import io
import re
import struct
import time
import zlib
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from documents.papers import writer
from documents.papers.bulletin import document
from documents.papers.template import FILTERS, context
from documents.papers.values import (
    Annex,
    Grid,
    Paper,
    Paragraph,
    Picture,
    Section,
    SubHead,
    TemplateBroken,
    cleaned,
)
from documents.papers.writer import write
from documents.process import FOREIGN
from tests.sample_files import docx, relation, xlsx


@cache
def png(width=1080, height=600):
    def chunk(kind, body):
        return struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body))

    rows = (b"\0" + b"\xff\xff\xff" * width) * height
    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 1))
        + chunk(b"IEND", b"")
    )


def paper(**changes):
    values = {
        "title": ("关于2026年第一季度", "目标量化考核情况的通报（暂定）"),
        "period": "2026年第一季度",
        "mark": "暂定",
        "notice": "暂定稿",
        "addressee": "各派出所、机关各科室、实战所队：",
        "opening": ("现将有关情况通报如下。",),
        "sections": (
            Section(
                "一、考核成绩和名次",
                (
                    SubHead("（一）派出所第一序列"),
                    Paragraph("原因有“引号”和 <尖括号>\x0b、\n换行。"),
                    Grid(
                        "表1", ("名次", "单位", "得分"), (("1", "城关派出所", "98"),) * 40, (1, 3, 1), left=(1,)
                    ),
                    Picture(png(), "图1"),
                ),
            ),
        ),
        "closing": "特此通报。",
        "annex": Annex("考核成绩图", (Picture(png(height=3000), "图2"),)),
        "signature": "江城市公安局考评办",
        "day": date(2026, 3, 20),
    }
    return Paper(**(values | changes))


@pytest.fixture(scope="module")
def made():
    return Document(io.BytesIO(document(paper())))


def fonts(style):
    found = style.element.rPr.rFonts
    return [found.get(qn(f"w:{kind}")) for kind in ("eastAsia", "ascii", "hAnsi")]


def paragraph(made, text):
    return next(p for p in made.paragraphs if p.text.startswith(text))


def test_the_page_is_a4_with_the_margins_of_the_standard(made):
    (section,) = made.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]


@pytest.mark.parametrize(
    ("text", "style", "font", "size"),
    [
        ("关于", "公文标题", "方正小标宋简体", 22),
        ("各派出所", "主送机关", "仿宋_GB2312", 16),
        ("现将", "Normal", "仿宋_GB2312", 16),
        ("一、", "Heading 1", "黑体", 16),
        ("（一）", "Heading 2", "楷体_GB2312", 16),
        ("江城市", "署名", "仿宋_GB2312", 16),
    ],
)
def test_fonts_are_named_for_chinese_and_for_latin(made, text, style, font, size):
    found = paragraph(made, text).style
    assert found.name == style
    assert fonts(found) == [font, "Times New Roman", "Times New Roman"]
    assert found.font.size == Pt(size)
    assert not found.font.bold


def test_lines_are_28_points_and_paragraphs_begin_two_signs_in(made):
    for name in ("Normal", "Heading 1", "Heading 2"):
        form = made.styles[name].paragraph_format
        assert (form.line_spacing_rule, form.line_spacing) == (WD_LINE_SPACING.EXACTLY, Pt(28))
        assert (form.space_before, form.space_after) == (Pt(0), Pt(0))
    indent = made.styles["Normal"].element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert made.styles["主送机关"].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "0"
    assert made.styles["公文标题"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    # A fixed line would cut a picture off.
    assert made.styles["图"].paragraph_format.line_spacing_rule == WD_LINE_SPACING.SINGLE


def test_page_numbers_are_fields_outside_in_song(made):
    assert made.settings.odd_and_even_pages_header_footer
    (section,) = made.sections
    for footer, at in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        (number,) = footer.paragraphs
        assert number.text == "— 1 —"
        assert number.alignment == at
        assert " PAGE " in [code.text for code in number._p.iter(qn("w:instrText"))]
        assert {run.font.size for run in number.runs} == {Pt(14)}
        assert {run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in number.runs} == {"宋体"}


def test_what_is_not_final_says_so_on_every_page(made):
    (section,) = made.sections
    assert [h.paragraphs[0].text for h in (section.header, section.even_page_header)] == ["暂定稿"] * 2
    final = Document(io.BytesIO(document(paper(notice="", mark=""))))
    assert final.sections[0].header.paragraphs[0].text == ""


def test_a_tables_head_comes_again_and_no_row_is_broken(made):
    (table,) = made.tables
    rows = table._tbl.tr_lst
    assert [row.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True] + [False] * 40
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    run = table.rows[1].cells[1].paragraphs[0].runs[0]
    assert run._r.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert run.font.size == Pt(12)


def tabled(rows, widths=(1, 3, 2), left=(1,)):
    """A paper with two tables: one of so many rows, and one of other columns."""
    one = Grid("表1", ("名次", "单位", "得分"), rows, widths, left=left)
    other = Grid("表2", tuple("一二三四五六七"), (tuple("1234567"),), (1,) * 7)
    section = Section("一、成绩", (one, Paragraph("说明"), other))
    return Document(io.BytesIO(document(paper(sections=(section,), annex=None))))


ROWS = (("1", "城关派出所", "98"), ("2", "东门派出所", "97.5"), ("3", "西街派出所", "90"))


def test_each_cell_stands_under_its_head_and_only_names_begin_on_the_left():
    table, other = tabled(ROWS).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["名次", "单位", "得分"],
        *map(list, ROWS),
    ]
    places = [[cell.paragraphs[0].alignment for cell in row.cells] for row in table.rows]
    assert places == [[None] * 3, *[[None, WD_ALIGN_PARAGRAPH.LEFT, None]] * 3]
    assert [cell.text for cell in other.rows[1].cells] == list("1234567")
    fonts_ = [
        {cell.paragraphs[0].runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) for cell in row.cells}
        for row in table.rows
    ]
    assert fonts_ == [{"黑体"}, *[{"仿宋_GB2312"}] * 3]


def test_columns_share_the_page_as_they_are_wide_and_many_are_set_smaller():
    table, other = tabled(ROWS).tables
    assert [round(column.width.mm) for column in table.columns] == [26, 78, 52]
    assert {round(column.width.mm, 1) for column in other.columns} == {22.3}
    sizes = [
        {cell.paragraphs[0].runs[0].font.size.pt for row in t.rows for cell in row.cells}
        for t in (table, other)
    ]
    assert sizes == [{12}, {10.5}]


@pytest.mark.parametrize(
    ("count", "kept"), [(3, [True] * 3 + [None]), (9, [True] * 9 + [None]), (10, [True] * 2 + [None] * 9)]
)
def test_a_short_table_stays_on_one_page_and_a_long_ones_head_with_its_first_row(count, kept):
    table, _ = tabled(ROWS[:1] * count).tables
    assert [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows] == kept


def test_everything_stands_in_its_order_with_captions_over_tables_and_under_pictures():
    pictures = (Picture(png(), "图1 一序列"), Picture(png(height=700), "图2 二序列"))
    grid = Grid("表1 成绩", ("单位",), (("甲",),), (1,))
    sections = (
        Section("一、成绩", (Paragraph("甲段"), grid)),
        Section("二、失分", (SubHead("（一）甲"), Paragraph("乙段"))),
    )
    made = Document(io.BytesIO(document(paper(sections=sections, annex=Annex("成绩图", pictures)))))
    body = []
    for child in made.element.body:
        if child.tag == qn("w:tbl"):
            body.append("〔表〕")
        elif child.findall(f".//{qn('w:drawing')}"):
            body.append("〔图〕")
        elif text := "".join(t.text for t in child.iter(qn("w:t"))):
            body.append(text)
    assert body[1:] == [
        "各派出所、机关各科室、实战所队：", "现将有关情况通报如下。", "一、成绩", "甲段", "表1 成绩", "〔表〕", "二、失分", "（一）甲", "乙段",
        "特此通报。", "附件：成绩图", "江城市公安局考评办", "2026年3月20日", "附件", "成绩图",
        "〔图〕", "图1 一序列", "〔图〕", "图2 二序列",
    ]  # fmt: skip


def test_pictures_are_as_wide_as_the_page_and_never_higher(made):
    wide, high = made.inline_shapes
    assert round(wide.width.mm) == 156
    assert high.height <= Mm(192)
    assert round(high.width / high.height, 2) == 0.36


@pytest.mark.parametrize("name", ["江城市公安局考评办", "考评办", "江城市公安局目标量化考核领导小组办公室"])
def test_the_signature_stands_on_the_right_and_the_date_two_signs_further_in(name):
    made = Document(io.BytesIO(document(paper(signature=name))))
    signature, day = paragraph(made, name), paragraph(made, "2026年3月20日")
    assert (
        signature.alignment is None and signature.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    )
    behind_name, behind_day = (p.paragraph_format.right_indent.pt / 16 for p in (signature, day))
    assert min(behind_name, behind_day) == 2
    # 2026年3月20日 is as wide as six and a half signs.
    assert behind_name + len(name) - (behind_day + 6.5) == 2


def test_the_annex_begins_a_page_and_is_named_before_the_signature(made):
    texts = [p.text for p in made.paragraphs]
    assert texts.index("附件：考核成绩图") < texts.index("江城市公安局考评办") < texts.index("附件")
    assert paragraph(made, "附件").text == "附件：考核成绩图"
    assert next(p for p in made.paragraphs if p.text == "附件").paragraph_format.page_break_before
    assert "附件" not in [p.text for p in Document(io.BytesIO(document(paper(annex=None)))).paragraphs]


def test_texts_stand_as_they_are_but_for_what_no_document_can_hold(made):
    assert paragraph(made, "原因").text == "原因有“引号”和 <尖括号> 、 换行。"
    assert cleaned("a\ud800\x00b") == "a  b"


def test_the_file_names_its_maker_and_nothing_else(made):
    about = made.core_properties
    assert (about.author, about.title) == (
        "江城市公安局考评办",
        "关于2026年第一季度目标量化考核情况的通报（暂定）",
    )
    assert not about.comments


# The bureau's own template


def template(tmp_path, *texts):
    made = Document()
    for text in texts:
        made.add_paragraph(text)
    path = tmp_path / "模板.docx"
    made.save(path)
    return path


async def filled(path, values=None):
    return Document(io.BytesIO(await write(values or paper(), path)))


async def test_the_standard_layout_comes_out_of_the_process_as_it_was_made():
    made = Document(io.BytesIO(await write(paper())))
    assert [p.text for p in made.paragraphs] == [
        p.text for p in Document(io.BytesIO(document(paper()))).paragraphs
    ]


async def test_a_template_gets_the_same_values(tmp_path):
    path = template(
        tmp_path,
        "本局文头　{{ 标题 }}　{{ 主送 }}",
        "{%p for 节 in 章节 %}",
        "{{ 节.标题 }}",
        "{%p for 段 in 节.内容 %}",
        "{{ 段.文字 }}",
        "{%p endfor %}",
        "{%p endfor %}",
        "{% for 表 in 表格 %}{{ 表.标题 }}：{{ 表.列 | join('/') }}，{{ 表.行[0] | join('/') }}{% endfor %}",
        "{% for 图 in 图片 %}{{ 图.标题 }}{{ 图.图 }}{% endfor %}",
        "{{ 署名 }}{{ 日期 }}{% if 暂定 %}暂定{% endif %}",
    )
    made = await filled(path)
    text = "\n".join(p.text for p in made.paragraphs)
    assert "本局文头　关于2026年第一季度目标量化考核情况的通报（暂定）　各派出所" in text
    assert "一、考核成绩和名次\n（一）派出所第一序列\n原因有“引号”和 <尖括号>" in text
    assert "表1：名次/单位/得分，1/城关派出所/98" in text
    assert len(made.inline_shapes) == 2
    assert "江城市公安局考评办2026年3月20日暂定" in text


async def test_a_template_counts_and_calculates(tmp_path):
    path = template(
        tmp_path,
        "{% for 行 in 表格[0].行 %}{% if loop.index <= 2 %}{{ loop.index + 1 }}/{{ loop.length * 2 }} {% endif %}{% endfor %}",
        "{% macro 行文(列) %}{{ 列 | join('、') }}{% endmacro %}{{ 行文(表格[0].列) }}",
        "{{ '共' + (表格 | length | string) + '张' }}{% for n in range(3) %}{{ n }}{% endfor %}{{ 附件 or '无' }}",
    )
    text = [p.text for p in (await filled(path)).paragraphs]
    assert text == ["2/80 3/80 ", "名次、单位、得分", "共1张012考核成绩图"]


async def test_a_picture_goes_where_its_sign_stands_in_a_header_too(tmp_path):
    made = Document()
    made.sections[0].header.paragraphs[0].text = "{{ 图片[0].图 }}"
    made.save(tmp_path / "模板.docx")
    header = (await filled(tmp_path / "模板.docx")).sections[0].header
    assert len(header.part.element.xpath(".//a:blip")) == 1


async def test_a_templates_table_repeats_a_row_for_each_row(tmp_path):
    made = Document()
    table = made.add_table(rows=4, cols=2)
    for row, texts in zip(
        table.rows,
        (
            ("名次", "单位"),
            ("{%tr for 行 in 表格[0].行 %}", ""),
            ("{{ 行[0] }}", "{{ 行[1] }}"),
            ("{%tr endfor %}", ""),
        ),
        strict=True,
    ):
        row.cells[0].text, row.cells[1].text = texts
    made.save(tmp_path / "模板.docx")
    (table,) = (await filled(tmp_path / "模板.docx")).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["名次", "单位"]] + [
        ["1", "城关派出所"]
    ] * 40


def test_the_documentation_lists_the_variables():
    guide = Path(__file__).parents[3] / "docs" / "configuration.md"
    section = guide.read_text(encoding="utf-8").split("## 通报模板")[1].split("## ")[0]
    rows = re.findall(r"^\| (\S+) \|", section, re.M)[1:]
    assert [name for row in rows for name in row.split("、")] == list(context(paper()))


def test_the_documentation_lists_the_filters():
    guide = Path(__file__).parents[3] / "docs" / "configuration.md"
    section = guide.read_text(encoding="utf-8").split("## 通报模板")[1].split("## ")[0]
    listed = set(re.findall(r"`\| ?(\w+)`", section))
    assert listed
    assert listed <= FILTERS


UNKNOWN, WRONG, FORBIDDEN = "用了没有的变量", "花括号里的写法不对", "模板里不允许"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ 没有的 }}", UNKNOWN),
        ("{{ 标题.没有的.又一个 }}", UNKNOWN),
        ("{% for 节 in 章节 %}", WRONG),
        ("{% if %}", WRONG),
        ("{{ 1 // 0 }}", "不是能用的"),
        ("{{ 标题.__class__.__mro__ }}", FORBIDDEN),
        ("{{ 标题['__class__'] }}", FORBIDDEN),
        ("{{ 标题|attr('__class__') }}", WRONG),
        ("{{ 章节|map(attribute='__class__')|list }}", WRONG),
        ("{{ 章节|sum(attribute='__class__') }}", FORBIDDEN),
        ("{{ 章节|xmlattr }}", WRONG),
        ("{{ '<w:p/>'|safe }}", WRONG),
        ("{{ '{0.__class__}'.format(标题) }}", FORBIDDEN),
        ("{{ '{0.__class__}'.format_map(图片[0]) }}", FORBIDDEN),
        ("{{ '%1000000000d' % 1 }}", FORBIDDEN),
        ("{{ '%s'|format(标题) }}", WRONG),
        ("{{ 标题.upper() }}", FORBIDDEN),
        ("{{ 章节.append(1) }}", FORBIDDEN),
        ("{{ 图片[0].图.tpl.replace_media('/etc/hostname', '/etc/hostname') }}", UNKNOWN),
        ("{{ 图片[0].图.tpl.docx.save('/tmp/kaoping.db') }}", UNKNOWN),
        ("{{ 图片[0].图.tpl.docx.__init__.__globals__ }}", UNKNOWN),
        ("{{ lipsum.__globals__ }}", UNKNOWN),
        ("{{ cycler.__init__.__globals__.os.environ }}", FORBIDDEN),
        ("{{ joiner }}", UNKNOWN),
        ("{{ namespace() }}", FORBIDDEN),
        ("{{ dict(a=1) }}", FORBIDDEN),
        ("{{ config.items() }}", UNKNOWN),
        ("{{ request }}", UNKNOWN),
        ("{{ self }}", FORBIDDEN),
        ("{{ self.__init__.__globals__ }}", FORBIDDEN),
        ("{{ range }}", FORBIDDEN),
        ("{{ range.__globals__ }}", FORBIDDEN),
        ("{% for i in 章节 %}{{ loop.__init__.__globals__ }}{% endfor %}", FORBIDDEN),
        ("{% for i in 章节 %}{{ loop.cycle('a') }}{% endfor %}", FORBIDDEN),
        ("{% macro m() %}{% endmacro %}{{ m.__globals__ }}", UNKNOWN),
        ("{% include '/etc/passwd' %}", FORBIDDEN),
        ("{% extends 'config.toml' %}", FORBIDDEN),
        ("{% import 'os' as os %}", FORBIDDEN),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "不是能用的"),
        ("{% for i in range(10**9) %}{% endfor %}", FORBIDDEN),
        ("{% for i in range(1000000000) %}{% endfor %}", "不是能用的"),
        ("{{ 'a' * 1000000000 }}", FORBIDDEN),
        ("{{ [1] * 1000000000 }}", FORBIDDEN),
        ("{{ 10 ** 10 ** 10 }}", FORBIDDEN),
        ("{% set a = 'xxxxxxxxxx' %}" + "{% set a = a~a~a~a~a~a~a~a~a~a %}" * 9 + "{{ a }}", "内存太多"),
    ],
)
async def test_a_template_that_cannot_be_filled_in_says_why_and_reaches_nothing(tmp_path, text, why):
    path = template(tmp_path, text)
    with pytest.raises(TemplateBroken, match=why):
        await write(paper(), path)
    assert [file.name for file in tmp_path.iterdir()] == ["模板.docx"]


@pytest.mark.parametrize("inside", ["", "x"], ids=["nothing", "text"])
async def test_loops_within_loops_come_to_an_end(tmp_path, monkeypatch, inside):
    monkeypatch.setattr(writer, "FOREIGN", replace(FOREIGN, seconds=10.0, cpu_seconds=2))
    loops = ("{% for i in range(99999) %}" * 3) + inside + ("{% endfor %}" * 3)
    begun = time.monotonic()
    with pytest.raises(TemplateBroken, match="已经停止"):
        await write(paper(), template(tmp_path, loops))
    assert time.monotonic() - begun < 20


async def test_values_are_texts_and_no_part_of_the_template(tmp_path):
    hostile = paper(closing="{{ 图片 }}<w:p/>\ue0000\ue001", signature="{% for %}")
    made = await filled(template(tmp_path, "{{ 结语 }}{{ 署名 }}"), hostile)
    assert made.paragraphs[0].text == "{{ 图片 }}<w:p/> 0{% for %}"
    assert len(made.inline_shapes) == 0


async def test_no_code_of_a_field_is_put_together_out_of_pieces(tmp_path):
    made = Document()
    code = OxmlElement("w:instrText")
    code.text = "{{ 'INCLUDE' ~ 'TEXT' }} file:///etc/hostname"
    made.add_paragraph("一").runs[0]._r.append(code)
    made.save(tmp_path / "模板.docx")
    with pytest.raises(TemplateBroken, match="引用别处"):
        await write(paper(), tmp_path / "模板.docx")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (docx(members={"word/vbaProject.bin": b"x"}), "宏"),
        (docx(members={"word/_rels/settings.xml.rels": relation("attachedTemplate", "http://x/a.dotm")}), "引用别处"),
        (docx(members={"word/_rels/document.xml.rels": relation("image", "file:///etc/hostname")}), "引用别处"),
        (docx(members={"word/_rels/document.xml.rels": relation("aFChunk", "a.html", "Internal")}), "夹带"),
        (docx(members={"word/embeddings/o.bin": b"MZ"}), "夹带"),
        (docx('<w:fldSimple w:instr="DDE cmd"/>'), "引用别处"),
        (docx(" " * 60_000_000), "大得不正常"),
        (docx(members={"word/styles.xml": "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><x>&a;</x>"}), "损坏"),
        (xlsx(), "不是能用的"),
        (b"hello", "不是能用的"),
    ],
)  # fmt: skip
async def test_a_template_with_more_than_text_in_it_is_refused(tmp_path, content, why):
    (tmp_path / "模板.docx").write_bytes(content)
    with pytest.raises(TemplateBroken, match=why):
        await write(paper(), tmp_path / "模板.docx")


async def test_a_template_that_inflates_stays_within_its_memory(tmp_path):
    content = docx("<w:p><w:r><w:t>一</w:t></w:r></w:p>" * 2_500_000)
    assert len(content) < 1_000_000
    (tmp_path / "模板.docx").write_bytes(content)
    begun = time.monotonic()
    with pytest.raises(TemplateBroken, match="大得不正常"):
        await write(paper(), tmp_path / "模板.docx")
    assert time.monotonic() - begun < 20


async def test_what_is_no_template_says_so(tmp_path):
    with pytest.raises(TemplateBroken, match="文件不存在"):
        await write(paper(), tmp_path / "没有.docx")
    with pytest.raises(TemplateBroken, match="文件打不开"):
        await write(paper(), tmp_path)
