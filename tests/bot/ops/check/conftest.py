"""What the checks are given."""

from datetime import UTC, datetime

import pytest
from conversation import EXAMPLE
from made_up import TOKEN

from bot.config.load import load
from bot.ops.check.finding import Case


@pytest.fixture
def case(tmp_path):
    """The example's case, in a folder of its own, with keys laid over it like telegram={"mode": "webhook"}."""

    def made(*, now=None, file=None, config=None, **sections):
        found = config or load(EXAMPLE, {})
        sections.setdefault("database", {}).setdefault("url", f"sqlite+aiosqlite:///{tmp_path}/data/kaoping.db")
        sections.setdefault("telegram", {}).setdefault("token", TOKEN)
        for name, keys in sections.items():
            section = getattr(found, name)
            laid = type(section).model_validate({**section.model_dump(), **keys})
            found = found.model_copy(update={name: laid})
        found.__dict__.pop("organisation", None)
        return Case(found, file or EXAMPLE, (lambda: now) if now else lambda: datetime.now(UTC))

    return made
