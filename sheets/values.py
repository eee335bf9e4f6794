"""What a workbook holds, as values; and why one cannot be read."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

Cell = str | Decimal | date | datetime | bool | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows from the first on, blank ones included, so that a row's place is its number in Excel."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets in order."""

    sheets: tuple[Sheet, ...]


class Fault(Enum):
    """Why a workbook cannot be read; the value is the sentence."""

    TOO_BIG = "文件超过 20 MB，请删去无关内容后重新发送"
    NOT_A_WORKBOOK = "这不是 .xlsx 工作簿，请在 Excel 里另存为 .xlsx 后重新发送"
    BOMB = "这个文件解开后大得不正常，不能打开，请另存一份再发送"
    ENCRYPTED = "工作簿有密码，请去掉密码后重新发送"
    TOO_MANY_ROWS = "行或列太多，一张表最多 20000 行、100 列"
    TOO_SLOW = "文件打开太慢，请删去无关内容后重新发送"
    MACRO = "工作簿里有宏，请在 Excel 里另存为不带宏的 .xlsx 后重新发送"
    UNSAFE = "工作簿里有控件、脚本，或会引用别处的内容，请只把表格复制到新的工作簿里再发送"
    NOT_LOOKED_AT = "服务器现在打不开文件，请过几分钟再发送；一直这样请联系系统管理员"
    BROKEN = "文件打不开，可能已损坏，请另存一份再发送"


class Unreadable(Exception):
    """The workbook cannot be read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in a row, by Excel's number and the column's head, and what would be right."""

    row: int
    column: str
    message: str
