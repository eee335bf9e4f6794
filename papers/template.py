"""The bureau's own template, filled in with a paper's values: {{ 标题 }} and the like in a .docx (docxtpl)."""

import io
from pathlib import Path
from typing import Any

from docx.shared import Length
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from papers import look
from papers.values import Block, Grid, Paper, Paragraph, Picture, SubHead, TemplateBroken, cleaned

LARGEST = 20 * 1024 * 1024

Context = dict[str, Any]


def filled(path: Path, paper: Paper) -> bytes:
    """The template with the paper's values in it. TemplateBroken where it cannot be read or filled in."""
    try:
        if path.stat().st_size > LARGEST:
            raise TemplateBroken("文件超过 20 MB")
        template = DocxTemplate(io.BytesIO(path.read_bytes()))
        # Nothing but these values, and no way from them into the program.
        sandbox = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        template.render(context(paper, template), jinja_env=sandbox)
        out = io.BytesIO()
        template.save(out)
    except TemplateBroken:
        raise
    except OSError as error:
        raise TemplateBroken("文件不存在" if isinstance(error, FileNotFoundError) else "文件打不开") from error
    except UndefinedError as error:
        raise TemplateBroken(f"用了没有的变量（{error.message}）") from error
    except TemplateSyntaxError as error:
        raise TemplateBroken(f"花括号里的写法不对（{error.message}）") from error
    except SecurityError as error:
        raise TemplateBroken("用了模板里不允许的写法") from error
    except Exception as error:  # whatever the file does to the libraries, the answer is that it cannot be used
        raise TemplateBroken(f"不是能用的 .docx 模板（{type(error).__name__}）") from error
    return out.getvalue()


def context(paper: Paper, template: Any) -> Context:
    """The variables, under the names that docs/configuration.md lists."""
    pictures = [
        *(b for section in paper.sections for b in section.blocks if isinstance(b, Picture)),
        *(paper.annex.pictures if paper.annex else ()),
    ]
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
        "图片": [_picture(picture, template) for picture in pictures],
        "结语": cleaned(paper.closing),
        "附件": cleaned(paper.annex.title) if paper.annex else "",
        "署名": cleaned(paper.signature),
        "日期": f"{paper.day.year}年{paper.day.month}月{paper.day.day}日",
    }


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


def _picture(picture: Picture, template: Any) -> Context:
    image = InlineImage(template, io.BytesIO(picture.png), width=Length(look.TEXT_WIDTH))
    return {"标题": cleaned(picture.caption), "图": image}
