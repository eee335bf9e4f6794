"""Words of /help."""

from handlers.frame.reply import esc
from handlers.frame.routes import Command
from handlers.people.people_text import post
from rules.access import Deed, may
from rules.bureau import Bureau
from rules.people import Person, Role

EXAMPLES = {
    "deduct": "/deduct 城关所 治安管理 2 巡查不到位",
    "import": "/import 或 /import 三季度（写在文件的说明里）",
    "undo": "/undo 或 /undo 12",
    "correct": "/correct 128 执法质量 1 记错项目",
    "done": "/done 城关所",
    "progress": "/progress 或 /progress 派出所组",
    "submit": "/submit 或 /submit 一季度",
    "confirm": "/confirm 派出所组 一季度",
    "return": "/return 派出所组 材料不全，请补",
    "publish": "/publish 或 /publish 派出所组",
    "extend": "/extend 派出所考核小组 一季度 3-20 因防汛延长",
    "lead": "/lead 一季度 姓名",
    "mine": "/mine 城关所 或 /mine 一季度",
    "score": "/score 城关所 一季度",
    "rank": "/rank 派出所一序列",
    "trend": "/trend 城关所 或 /trend 城关所 年度",
    "heat": "/heat 派出所二序列",
    "losses": "/losses 派出所二序列 或 /losses 治安管理",
    "compare": "/compare 城关所 东门所",
    "why": "/why 城关所 治安管理",
    "log": "/log 城关所 一季度",
    "evidence": "/evidence 128",
    "appeal": "/appeal 128 当天有巡查记录",
    "appeals": "/appeals 或 /appeals 城关所",
    "pushes": "/pushes 3-15 或 /pushes 失败",
    "people": "/people 城关所 或 /people 张",
    "help": "/help 或 /help score",
    "criteria": "/criteria（写在文件的说明里）",
    "file": "/file 民警业务考核细则（写在文件的说明里）",
    "filings": "/filings 或 /filings 2027",
    "bind": "/bind 派出所考核小组（在群里发）",
    "audit": "/audit 城关所、/audit 王伟 或 /audit 城关所 3-10",
    "settings": "/settings 07:45",
    "officer": "/officer 张伟 考勤纪律 1 迟到",
    "month": "/month 2026-03",
    "monthly": "/monthly 或 /monthly 2026-03 更正原因",
    "returns": "/returns 2026-03",
    "export": "/export 一季度、/export 年度 或 /export 台账 csv",
    "bulletin": "/bulletin 一季度 或 /bulletin 年度",
    "invite": "/invite 考核员 派出所考核小组",
    "remove": "/remove 姓名",
    "roster": "/roster 张伟 012345 社区民警 2026-01-01",
    "method": "/method 2027",
}

HINTS = {
    "submit": "先看汇总和缺什么，确认后才提交；没有检查的单位要逐个放过，没写原因的要先补。",
    "confirm": "申诉期都过了、申诉都裁定了才能审定；审定后成绩原样保存。",
    "deduct": (
        "只发 /deduct 会一步一步问。也可写：扣分 城关所 治安管理 2分；单位可写简称、拼音首字母；按细则写 2.1 x3；"
        "几行一起发、几个单位用顿号隔开都行。照片写上说明一起发就是证据。"
    ),
    "officer": (
        "只发 /officer 会一步一步问。更正：/officer 更正 12 0.5 核实只有一次；撤销：/officer 撤销 12 误记；"
        "当月休假：/officer 标记 张伟 3月 休假。"
    ),
    "month": "写月份、季度或年度，例如 /month 3月、/month 一季度、/month 年度。",
    "file": "文件是 PDF、Word 或 Excel，不超过 20 MB，没有宏、脚本和密码；也可以先发文件，再回复那条消息发送 /file。",
    "export": "工作簿里有排名、成绩、扣分台账、季度对比、进度和民警月度，能看的才有；没审定的标“暂定”，每次导出都留痕。",
    "rank": "末尾写 pdf、svg 或 png，就发来可打印的文件；/score、/progress、/trend、/heat、/losses、/compare 也一样。",
    "bulletin": "做成公文版式的 Word 文档；没有审定的标明“暂定”。每个数字都来自台账和已审定的成绩。",
    "import": "只发 /import 取 Excel 模板；填好的表先核对，有一处不对就一笔也不导入。导错了整份发送 /import 撤回。",
    "audit": "核对校验码：把以前收到的“台账校验码”消息整条粘贴或转发给我，或写在 /audit 核对 的后面。",
    "undo": "撤销今天自己最后一笔；别的记录用 /correct 更正。",
    "monthly": "先看成绩表，核对后才报送；报送后原样保存，再有改动要写明原因重新报送。",
    "roster": (
        "离岗写 /roster 调离 张伟 2026-03-15；名字写错写 /roster 改名 张炜 张伟；看在岗日期的改动写 /roster 履历 张伟；"
        "人多用 Excel 模板，填好直接发回来。"
    ),
    "method": "取 Excel 模板填好本单位部分，直接发回来，先核对再报送。",
    "score": "也可以直接发送“城关所成绩”。加“截至 3-10”可看那天结束时的成绩；/rank、/why、/log 也一样。写“年度”看全年平均分。",
}


READERS = {"roster": (Deed.ROSTER, "/roster 城关所"), "method": (Deed.METHOD, "/method 城关所")}
"""Commands with which some only look: the deed of the others, and the example for who looks."""


def _how(command: Command, person: Person) -> tuple[str | None, str | None]:
    """The example and the hint: nothing in them would be refused to this person."""
    if command.name in READERS:
        deed, example = READERS[command.name]
        if not may(person, deed):
            return example, None
    if command.name == "invite" and not person.has({Role.ADMIN, Role.OFFICE}):
        return "/invite 民警 张伟", None
    return EXAMPLES.get(command.name), HINTS.get(command.name)


def usage(command: Command, person: Person) -> str:
    """An example of the command; nothing where it takes no words."""
    return _how(command, person)[0] or ""


def one(command: Command, person: Person) -> str:
    """A command with its example and what else is to know of it."""
    return "\n".join(_lines(command, person))


def overview(commands: list[Command], person: Person, bureau: Bureau) -> str:
    """Every command of the person with an example."""
    lines = [
        f"<b>{esc(bureau.name)}目标量化考核</b>",
        f"您的身份：{'；'.join(post(p, bureau) for p in person.posts)}",
        "",
    ]
    for command in commands:
        if not command.in_menu:
            continue
        lines += _lines(command, person)
    return "\n".join(lines)


def _lines(command: Command, person: Person) -> list[str]:
    also = f"（{'、'.join(command.words[:1])}）" if command.words else ""
    example, hint = _how(command, person)
    lines = [f"/{command.name}{also}　{esc(command.description)}"]
    if example is not None:
        lines.append(f"　例：<code>{example}</code>")
    if hint is not None:
        lines.append(f"　{hint}")
    return lines
