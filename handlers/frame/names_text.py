"""Words of the questions which unit or which sequence is meant."""

from handlers.frame.reply import esc


def which(what: str, text: str) -> str:
    """Several could be meant."""
    return f"“{esc(text[:30])}”可能指下面几个{what}，请点选："


def ask_sequence(what: str = "") -> str:
    """The first step to a unit, or a ranking's only one."""
    return f"{what or '请先选序列'}："


def ask_unit(sequence: str) -> str:
    """The second step to a unit."""
    return f"{esc(sequence)}，请选单位："
