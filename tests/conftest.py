"""The town that dialogs take place in."""

import os

import pytest
from conversation import Town, drop_databases
from hypothesis import settings

# No deadlines: a busy machine is no fault.
settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("KAOPING_HYPOTHESIS", "quick"))


@pytest.fixture
async def town(tmp_path):
    """The bureau of config.example.toml on 2026-11-10, 09:00 in Shanghai: fourth quarter."""
    here = await Town(tmp_path).open()
    yield here
    await here.close()


@pytest.fixture(autouse=True)
def _server_kept_small():
    """No test leaves its databases on the server."""
    yield
    drop_databases()
