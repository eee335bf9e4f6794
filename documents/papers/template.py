"""The bureau's own template, filled in with a paper's values: {{ 标题 }} and the like in a .docx (docxtpl)."""

import io
import re
from collections.abc import Sequence
from typing import Any

from docx.shared import Length
from docxtpl import DocxTemplate, InlineImage
from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range

from documents.inspection import opened
from documents.kinds import LARGEST, ZIP_STARTS, Media, Unfit, UnfitKind
from documents.papers import look
from documents.papers.values import Block, Grid, Paper, Paragraph, Picture, SubHead, TemplateBroken, cleaned

NOT_A_TEMPLATE = "不是能用的 .docx 模板"

Context = dict[str, Any]

FILTERS = frozenset({
    "abs", "batch", "capitalize", "count", "d", "default", "e", "escape", "first", "float", "int", "join", "last",
    "length", "list", "lower", "max", "min", "reverse", "round", "slice", "sort", "string", "sum", "trim", "truncate",
    "unique", "upper",
})  # fmt: skip
"""None of them calls, looks up an attribute, or formats by a text of the template's."""
TESTS = frozenset({
    "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "float", "ge", "greaterthan", "gt", "in",
    "integer", "iterable", "le", "lessthan", "lower", "lt", "mapping", "ne", "none", "number", "odd", "sameas",
    "sequence", "string", "true", "undefined", "upper", "==", "!=", ">", ">=", "<", "<=",
})  # fmt: skip
OF_A_LOOP = frozenset({
    "index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0", "previtem", "nextitem",
})  # fmt: skip


class Sandbox(ImmutableSandboxedEnvironment):
    """Where a template is filled in: texts, numbers, lists and tables of them, and nothing that leads further."""

    intercepted_binops = frozenset({"+", "*", "%", "**"})

    def __init__(self) -> None:
        super().__init__(
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_plain,
            loader=FunctionLoader(lambda name: None),
        )
        self.globals = {"range": safe_range}
        self.filters = {name: found for name, found in self.filters.items() if name in FILTERS}
        self.tests = {name: found for name, found in self.tests.items() if name in TESTS}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether an attribute may be read: only how far a loop is; what a table holds is no attribute."""
        return isinstance(obj, LoopContext) and attr in OF_A_LOOP

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether it may be called: a count, and what the template itself defines."""
        return obj is safe_range or isinstance(obj, Macro)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic with numbers; `*` and `%` make texts of any length, and `**` numbers of any length."""
        both_are_texts = isinstance(left, str) and isinstance(right, str)
        if operator == "**" or not (
            (_is_number(left) and _is_number(right)) or (operator == "+" and both_are_texts)
        ):
            raise SecurityError(f"{operator} is not for these")
        return super().call_binop(context, operator, left, right)


def _plain(value: Any) -> Any:
    """What may be printed: values, but no function and no part of the program."""
    if value is None or isinstance(value, str | int | float | list | dict | Undefined):
        return value
    raise SecurityError("not a plain value")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


class _Template(DocxTemplate):  # type: ignore[misc]
    """A template in which pictures are signs until all is filled in: then their drawings take the signs' place."""

    def __init__(self, content: bytes, pictures: Sequence[Picture]) -> None:
        super().__init__(io.BytesIO(content))
        self._pictures = pictures

    def render_xml_part(self, src_xml: str, part: Any, context: Context, jinja_env: Any = None) -> str:
        """A part, filled in, with its pictures."""
        filled: str = super().render_xml_part(src_xml, part, context, jinja_env)
        return _SIGN.sub(self._drawing, filled)

    def _drawing(self, sign: re.Match[str]) -> str:
        number = int(sign[1])
        if number >= len(self._pictures):
            return ""
        png = io.BytesIO(self._pictures[number].png)
        return str(InlineImage(self, png, width=Length(look.TEXT_WIDTH)))


_SIGN = re.compile("\ue000(\\d{1,4})\ue001")
"""In the place of a picture. No value has such signs: `cleaned` takes them out."""


def filled(content: bytes, paper: Paper) -> bytes:
    """The template with the paper's values in it. TemplateBroken."""
    _check(content)
    try:
        template = _Template(content, _pictures(paper))
        template.render(context(paper), jinja_env=Sandbox())
        out = io.BytesIO()
        template.save(out)
    except MemoryError:
        raise
    except UndefinedError as error:
        raise TemplateBroken(f"用了没有的变量（{_shortened(error.message)}）") from error
    except TemplateSyntaxError as error:
        raise TemplateBroken(f"花括号里的写法不对（{_shortened(error.message)}）") from error
    except (SecurityError, TemplateNotFound) as error:
        raise TemplateBroken("用了模板里不允许的写法") from error
    except Exception as error:  # whatever the file does to the libraries, the answer is that it cannot be used
        raise TemplateBroken(f"{NOT_A_TEMPLATE}（{type(error).__name__}）") from error
    # A field can be put together out of pieces: what comes out is looked over like what went in.
    _check(out.getvalue())
    return out.getvalue()


def _check(content: bytes) -> None:
    if len(content) > LARGEST:
        raise TemplateBroken("文件超过 20 MB")
    try:
        media = opened(content) if content.startswith(ZIP_STARTS) else None
    except Unfit as unfit:
        unknown = unfit.kind is UnfitKind.UNKNOWN_KIND
        raise TemplateBroken(NOT_A_TEMPLATE if unknown else unfit.kind.value) from None
    if media is not Media.DOCX:
        raise TemplateBroken(NOT_A_TEMPLATE)


def _shortened(message: str | None) -> str:
    return (message or "")[:200]


def context(paper: Paper) -> Context:
    """The variables, under the names that docs/configuration.md lists."""
    return {
        "标题": cleaned("".join(paper.title)),
        "期间": cleaned(paper.period),
        "暂定": bool(paper.mark),
        "页眉": cleaned(paper.notice),
        "主送": cleaned(paper.addressee),
        "导语": [cleaned(text) for text in paper.opening],
        "章节": [
            {
                "标题": cleaned(section.head),
                "内容": [_told(block) for block in section.blocks if _is_text(block)],
            }
            for section in paper.sections
        ],
        "表格": [_grid(b) for section in paper.sections for b in section.blocks if isinstance(b, Grid)],
        "图片": [
            {"标题": cleaned(picture.caption), "图": f"\ue000{number}\ue001"}
            for number, picture in enumerate(_pictures(paper))
        ],
        "结语": cleaned(paper.closing),
        "附件": cleaned(paper.annex.title) if paper.annex else "",
        "署名": cleaned(paper.signature),
        "日期": f"{paper.day.year}年{paper.day.month}月{paper.day.day}日",
    }


def _pictures(paper: Paper) -> list[Picture]:
    shown = [b for section in paper.sections for b in section.blocks if isinstance(b, Picture)]
    return [*shown, *(paper.annex.pictures if paper.annex else ())]


def _is_text(block: Block) -> bool:
    return isinstance(block, Paragraph | SubHead)


def _told(block: Block) -> Context:
    assert isinstance(block, Paragraph | SubHead)
    return {"小标题": isinstance(block, SubHead), "文字": cleaned(block.text)}


def _grid(grid: Grid) -> Context:
    return {
        "标题": cleaned(grid.caption),
        "列": [cleaned(head) for head in grid.heads],
        "行": [[cleaned(text) for text in row] for row in grid.rows],
    }
