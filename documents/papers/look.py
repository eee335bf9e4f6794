"""The look of Chinese official documents (GB/T 9704): measures, fonts and spacing, as Word takes them."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

PAGE = (Mm(210), Mm(297))
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
TEXT_WIDTH = Mm(156)
TEXT_HEIGHT = Mm(225)
FOOTER = Mm(24)
"""From the page's edge: the number stands 7 mm below the text."""
HEADER = Mm(25)

LINE = Pt(28)
TITLE_LINE = Pt(36)
TABLE_LINE = Pt(20)

BODY, HEI, KAI, SONG, TITLE = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
LATIN = "Times New Roman"

SIZE_2, SIZE_3, SIZE_4, SMALL_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(12), Pt(10.5)
"""二号, 三号, 四号, 小四, 五号."""

BLACK = RGBColor(0, 0, 0)


def element(name: str, **attributes: Any) -> Any:
    """An element of Word's XML with attributes of its own namespace."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def dress(owner: Any, east_asian: str, size: Any, *, latin: str = LATIN) -> None:
    """Give a style or a run its fonts by name: the Chinese one and the Latin one, and its size."""
    font = owner.font
    font.name, font.size, font.bold, font.italic = latin, size, False, False
    font.color.rgb = BLACK
    fonts = owner.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    # Quotation marks and dashes belong to both scripts: they are Chinese here, and as wide as a sign.
    fonts.set(qn("w:hint"), "eastAsia")
    for kind, name in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asian), ("cs", latin)):
        fonts.set(qn(f"w:{kind}"), name)


def indent_first_line(properties: Any, characters: int) -> None:
    """An indent of so many Chinese signs, whatever size they have; in points too, for who does not count signs."""
    for old in properties.findall(qn("w:ind")):
        properties.remove(old)
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(100 * characters))
    indent.set(qn("w:firstLine"), str(320 * characters))


def repeat_as_head(row: Any) -> None:
    """A row that comes again on top of every page that the table goes on to."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def keep_whole(row: Any) -> None:
    """A row that no page break goes through."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


PAGE_NUMBER = (
    ("text", "— "), ("begin", ""), ("code", " PAGE "), ("separate", ""), ("text", "1"), ("end", ""), ("text", " —"),
)  # fmt: skip


def page_number(paragraph: Any) -> None:
    """— 1 — in 宋体 四号: the number is a field."""
    for kind, text in PAGE_NUMBER:
        run = paragraph.add_run()
        dress(run, SONG, SIZE_4, latin=SONG)
        if kind == "text":
            run.text = text
        elif kind == "code":
            code = element("instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)
        else:
            run._r.append(element("fldChar", fldCharType=kind))
