"""Several databases on servers, served from one directory: what each remembers of its seals is not mixed with the others'."""

import pytest

from bot.ops.ends_folder import OWNER, folder_of
from bot.ops.verification import verify_seals
from storage.chain_ends import HISTORY, EndsFolder
from tests.conversation import Post, Role, Town

URL = "postgresql+asyncpg://u:p@127.0.0.1/{}"


class Neighbour(Town):
    """A bureau whose database lies on the server, and whose backups and seals lie where the program puts them by itself."""

    def _place(self) -> None:
        super()._place()
        backup = self.config.backup.model_copy(
            update={"folder": str(self.folder.parent / "backups"), "seals": ""}
        )
        self.config = self.config.model_copy(update={"backup": backup})


@pytest.fixture
async def neighbours(tmp_path):
    """Two bureaus with different ledgers."""
    towns = []
    for name, line in (
        ("a", "/deduct 城关所 治安管理 2 台账缺失"),
        ("b", "/deduct 东门所 执法质量 1 卷宗不全"),
    ):
        folder = tmp_path / name
        folder.mkdir()
        town = Neighbour(folder, on_server=True)
        towns.append(await town.open())
        lin = await town.person("林主任", Post(Role.OFFICE))
        await lin.says("/help")
        await (await town.assessor()).says(line)
    yield towns
    for town in towns:
        await town.close()


async def test_each_holds_against_what_it_remembers_itself(neighbours):
    for town in neighbours:
        await town.app.watch.look()
    assert [await verify_seals(town.config) for town in neighbours] == [0, 0]
    assert [bool(EndsFolder(town.config.ends_folder).read().ends) for town in neighbours] == [True, True]


async def test_what_an_earlier_version_remembered_stays_its_databases(neighbours, tmp_path):
    first, second = neighbours
    await first.app.watch.look()
    own = first.config.ends_folder
    shared = tmp_path / "backups" / "seals"
    for path in list(own.iterdir()):
        path.rename(shared / path.name)
    own.rmdir()
    await first.restart()
    await second.restart()
    await second.app.watch.look()
    assert first.config.ends_folder == shared
    assert second.config.ends_folder.parent == shared
    assert [await verify_seals(town.config) for town in neighbours] == [0, 0]


@pytest.mark.parametrize("name", ["..", ".", "a%2Fb", "ends.jsonl", "考评"])
def test_whatever_a_database_is_called_its_folder_lies_in_the_shared_one(tmp_path, name):
    folder = folder_of(tmp_path, URL.format(name))
    folder.mkdir()
    assert folder.parent == tmp_path
    assert folder.name not in (HISTORY, OWNER)


def test_what_nobody_claimed_is_everybodys_who_asks(tmp_path):
    (tmp_path / HISTORY).write_text("")
    assert folder_of(tmp_path, URL.format("kaoping")) == tmp_path
    (tmp_path / OWNER).write_text("another")
    assert folder_of(tmp_path, URL.format("kaoping")) == tmp_path / "kaoping"
