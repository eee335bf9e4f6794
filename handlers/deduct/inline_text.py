"""Words of inline mode."""


def hint() -> str:
    """Under each result."""
    return "点选后核对，按［登记］才算数"
