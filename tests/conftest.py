"""The town that dialogs take place in."""

import pytest
from conversation import Town


@pytest.fixture
async def town(tmp_path):
    """The bureau of config.example.toml on 2026-11-10, 09:00 in Shanghai: fourth quarter."""
    here = await Town(tmp_path).open()
    yield here
    await here.close()
