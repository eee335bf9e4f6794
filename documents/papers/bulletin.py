"""A paper's values → the bytes of a .docx in the layout of GB/T 9704."""

import io
import unicodedata
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.image.image import Image
from docx.shared import Length, Mm, Pt

from documents.papers import look
from documents.papers.values import Annex, Block, Grid, Paper, Paragraph, Picture, Section, SubHead, cleaned

TALLEST = Mm(192)
"""A picture leaves room for its caption and the annex's head."""
SHORT = 9
"""A table of at most so many rows stays on one page; of a longer one the head stays with the first rows."""
WIDE = 7
"""From so many columns on a table is set in 五号, else in 小四."""

CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def document(paper: Paper) -> bytes:
    """The .docx. Fonts are named in it, not embedded."""
    made = Document()
    _styles(made)
    _page(made, paper)
    _properties(made, paper)
    made.add_paragraph("\n".join(map(cleaned, paper.title)), "公文标题")
    made.add_paragraph("", "Normal")
    made.add_paragraph(cleaned(paper.addressee), "主送机关")
    for text in paper.opening:
        made.add_paragraph(cleaned(text))
    for section in paper.sections:
        _section(made, section)
    # No page bears the signature alone: the last words stay with it.
    ending = [made.add_paragraph(cleaned(paper.closing))]
    if paper.annex is not None:
        ending += [made.add_paragraph(""), made.add_paragraph(f"附件：{cleaned(paper.annex.title)}")]
    for line in ending:
        line.paragraph_format.keep_with_next = True
    _sign(made, paper)
    if paper.annex is not None:
        _annex(made, paper.annex)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _styles(made: Any) -> None:
    styles = made.styles
    normal = styles["Normal"]
    look.dress(normal, look.BODY, look.SIZE_3)
    language = look.element("lang", val="en-US", eastAsia="zh-CN")
    normal.element.get_or_add_rPr().append(language)
    _spacing(normal, look.LINE)
    normal.paragraph_format.widow_control = False
    look.indent_first_line(normal.element.get_or_add_pPr(), 2)
    for name, font in (("Heading 1", look.HEI), ("Heading 2", look.KAI)):
        look.dress(styles[name], font, look.SIZE_3)
        _spacing(styles[name], look.LINE)
        styles[name].paragraph_format.keep_with_next = True
    _style(styles, "公文标题", look.TITLE, look.SIZE_2, line=look.TITLE_LINE, at=CENTRE)
    _style(styles, "主送机关", look.BODY, look.SIZE_3)
    _style(styles, "署名", look.BODY, look.SIZE_3, at=RIGHT)
    _style(styles, "附件标识", look.HEI, look.SIZE_3)
    caption = _style(styles, "表题", look.HEI, look.SMALL_4, line=look.TABLE_LINE, at=CENTRE)
    caption.paragraph_format.space_before = Pt(8)
    caption.paragraph_format.space_after = Pt(4)
    _style(styles, "图题", look.HEI, look.SMALL_4, line=look.TABLE_LINE, at=CENTRE)
    _style(styles, "表格", look.BODY, look.SMALL_4, line=look.TABLE_LINE, at=CENTRE)
    picture = _style(styles, "图", look.BODY, look.SIZE_3, at=CENTRE)
    # A fixed line would cut the picture off.
    picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _style(styles: Any, name: str, font: str, size: Any, *, line: Any = look.LINE, at: Any = None) -> Any:
    style = styles.add_style(name, 1)
    style.base_style = styles["Normal"]
    look.dress(style, font, size)
    _spacing(style, line)
    style.paragraph_format.alignment = at
    look.indent_first_line(style.element.get_or_add_pPr(), 0)
    return style


def _spacing(style: Any, line: Length) -> None:
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
    form.space_before, form.space_after = Pt(0), Pt(0)


def _page(made: Any, paper: Paper) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = look.PAGE
    section.top_margin, section.bottom_margin = look.TOP, look.BOTTOM
    section.left_margin, section.right_margin = look.LEFT, look.RIGHT
    section.header_distance, section.footer_distance = look.HEADER, look.FOOTER
    # An odd page's number stands on the right, an even one's on the left: outside, when printed on both sides.
    made.settings.odd_and_even_pages_header_footer = True
    for footer, at in ((section.footer, RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        number = footer.paragraphs[0]
        look.indent_first_line(number._p.get_or_add_pPr(), 0)
        number.alignment = at
        number.paragraph_format.left_indent = number.paragraph_format.right_indent = look.SIZE_4
        look.page_number(number)
    if paper.notice:
        for header in (section.header, section.even_page_header):
            mark = header.paragraphs[0]
            look.indent_first_line(mark._p.get_or_add_pPr(), 0)
            mark.alignment = RIGHT
            look.dress(mark.add_run(cleaned(paper.notice)), look.HEI, look.SIZE_4)


def _properties(made: Any, paper: Paper) -> None:
    about = made.core_properties
    about.title, about.author, about.last_modified_by = (
        cleaned("".join(paper.title)),
        cleaned(paper.signature),
        "",
    )
    about.comments, about.language, about.revision = "", "zh-CN", 1
    about.created = about.modified = datetime.combine(paper.day, time(), tzinfo=UTC).replace(tzinfo=None)


def _section(made: Any, section: Section) -> None:
    made.add_paragraph(cleaned(section.head), "Heading 1")
    for block in section.blocks:
        _block(made, block)


def _block(made: Any, block: Block) -> None:
    match block:
        case Paragraph():
            made.add_paragraph(cleaned(block.text))
        case SubHead():
            made.add_paragraph(cleaned(block.text), "Heading 2")
        case Grid():
            _grid(made, block)
        case Picture():
            _picture(made, block)


def _grid(made: Any, grid: Grid) -> None:
    caption = made.add_paragraph(cleaned(grid.caption), "表题")
    caption.paragraph_format.keep_with_next = True
    table = made.add_table(rows=0, cols=len(grid.heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Length(int(look.TEXT_WIDTH * share / sum(grid.widths))) for share in grid.widths]
    size = look.SIZE_5 if len(grid.heads) >= WIDE else look.SMALL_4
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, texts in enumerate((grid.heads, *grid.rows)):
        row = table.add_row()
        look.keep_whole(row)
        if number == 0:
            look.repeat_as_head(row)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = widths[column]
            cell.vertical_alignment = 1
            line = cell.paragraphs[0]
            line.style = "表格"
            if column in grid.left and number:
                line.alignment = WD_ALIGN_PARAGRAPH.LEFT
            kept = number < len(grid.rows) if len(grid.rows) <= SHORT else number <= 1
            line.paragraph_format.keep_with_next = kept or None
            look.dress(line.add_run(cleaned(text)), look.HEI if number == 0 else look.BODY, size)
    after = made.add_paragraph("", "表格")
    after.paragraph_format.line_spacing = Pt(10)


def _picture(made: Any, picture: Picture) -> None:
    size = Image.from_blob(picture.png)
    width = min(look.TEXT_WIDTH, Length(int(TALLEST * size.px_width / size.px_height)))
    place = made.add_paragraph("", "图")
    place.paragraph_format.keep_with_next = True
    place.add_run().add_picture(io.BytesIO(picture.png), width=width)
    made.add_paragraph(cleaned(picture.caption), "图题")


def _sign(made: Any, paper: Paper) -> None:
    """The signature two signs from the right, the date under it two signs further in (7.3.5)."""
    name, day = cleaned(paper.signature), f"{paper.day.year}年{paper.day.month}月{paper.day.day}日"
    size = look.SIZE_3.pt
    behind_day = max(2 * size, 2 * size + _width(name) * size - 2 * size - _width(day) * size)
    behind_name = max(2 * size, behind_day + _width(day) * size + 2 * size - _width(name) * size)
    made.add_paragraph("", "署名").paragraph_format.keep_with_next = True
    for text, behind in ((name, behind_name), (day, behind_day)):
        line = made.add_paragraph(text, "署名")
        line.paragraph_format.right_indent = Pt(behind)
        line.paragraph_format.keep_with_next = text is name


def _width(text: str) -> float:
    """How wide a text is, in Chinese signs."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def _annex(made: Any, annex: Annex) -> None:
    head = made.add_paragraph("附件", "附件标识")
    head.paragraph_format.page_break_before = True
    made.add_paragraph(cleaned(annex.title), "公文标题")
    for picture in annex.pictures:
        _picture(made, picture)
