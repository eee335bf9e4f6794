"""Making a paper's .docx in a process of its own: a template is somebody else's, and may be anything."""

import asyncio
import pickle
from pathlib import Path

from documents.kinds import LARGEST
from documents.papers.values import Paper, TemplateBroken, Unmade
from documents.process import FOREIGN, OWN, Failed, Why, run

_TASK = "documents.papers.writing_process"
_MADE = b"="

_WHY = {
    Why.TOO_SLOW: "用的时间太长，已经停止",
    Why.TOO_MUCH_MEMORY: "用的内存太多，已经停止",
    Why.BROKE_OFF: "生成时中断了",
}


async def write(paper: Paper, template: Path | None = None) -> bytes:
    """The .docx of a paper: in the standard layout, or by the bureau's template. TemplateBroken, Unmade."""
    content = await asyncio.to_thread(_read, template) if template is not None else None
    body = await asyncio.to_thread(pickle.dumps, (paper, content))
    try:
        answer = await run(_TASK, body, OWN if template is None else FOREIGN)
    except Failed as failed:
        if template is None or failed.why not in _WHY:
            raise Unmade(str(failed)) from failed
        raise TemplateBroken(_WHY[failed.why]) from failed
    if not answer.startswith(_MADE):
        raise TemplateBroken(answer[1:].decode(errors="replace"))
    return answer[1:]


def _read(path: Path) -> bytes:
    """The template's bytes. TemplateBroken where they cannot be had."""
    try:
        if path.stat().st_size > LARGEST:
            raise TemplateBroken("文件超过 20 MB")
        return path.read_bytes()
    except OSError as error:
        raise TemplateBroken("文件不存在" if isinstance(error, FileNotFoundError) else "文件打不开") from error
