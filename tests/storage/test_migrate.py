"""What a start needs to know of migrations, it knows without Alembic."""

import subprocess
import sys
from pathlib import Path

from alembic.script import ScriptDirectory

from storage.migrate import alembic_config, newest

ROOT = Path(__file__).parents[2]
LATE = ("alembic", "cn2an", "docx", "matplotlib", "aiogram")
"""What no start needs: it is loaded where it is used, or in a process of its own."""


def test_the_newest_file_is_the_newest_revision() -> None:
    assert newest() == ScriptDirectory.from_config(alembic_config()).get_current_head()


def test_a_start_loads_nothing_that_it_does_not_need() -> None:
    code = f"import sys, bot.run; print([name for name in {LATE} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
