"""Why a database cannot be used, in words: what the library says may hold the address, and what people wrote."""

from storage.database import DatabaseAway, DatabaseFault, DatabaseUnsafe, plainly
from storage.migrate import DatabaseNewer

NEWER = "数据库的版本比程序新，这个程序不能用它。请装回新的程序，或恢复升级前的备份"

Unopened = DatabaseFault | DatabaseUnsafe | DatabaseNewer | OSError

UNOPENED = (DatabaseFault, DatabaseUnsafe, DatabaseNewer, OSError)
"""What can come of opening a database and bringing it up to date. OSError: the server's name or port."""


def sentence(error: Unopened) -> str:
    """What is the matter and what to do, without the full stop."""
    if isinstance(error, DatabaseNewer):
        return NEWER
    if isinstance(error, DatabaseUnsafe):
        return f"数据库没有接受落盘设置（{error}）。请把数据库放在本机硬盘上，不要放在网络盘"
    if isinstance(error, OSError | DatabaseAway):
        return "数据库服务器连不上。请核对 database.url，并确认它在运行"
    return f"数据库打不开：{reason(error)}。请核对 database.url、文件夹权限和磁盘"


def reason(error: DatabaseFault) -> str:
    """In words for the usual ones; of another its kind alone."""
    said = plainly(error).lower()
    for sign, text in (
        ("unable to open", "文件或文件夹没有权限，或不是文件"),
        ("readonly", "文件是只读的"),
        ("not a database", "这个文件不是数据库，可能已损坏，请用备份恢复"),
        ("malformed", "数据库文件已损坏，请用备份恢复"),
        ("no such table", "它还没有升级到这个版本，请先启动一次程序"),
        ("undefinedtable", "它还没有升级到这个版本，请先启动一次程序"),
        ("locked", "别的程序占用着它"),
        ("password", "用户名或密码不对"),
        ("does not exist", "没有这个数据库或用户"),
        ("refused", "数据库服务器没有在运行，或者地址、端口不对"),
        ("disk i/o", "硬盘读写出错"),
        ("full", "磁盘满了"),
    ):
        if sign in said:
            return text
    return type(error).__name__
