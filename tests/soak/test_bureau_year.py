"""41 units, 600 officers, twelve months and every document of a year, by conversation alone (R9, R10)."""

from tests.bureau_year import run


async def test_a_whole_bureaus_year(tmp_path):
    bureau = await run(tmp_path, units=41, officers=600, months=12)
    assert len(bureau.taken) > 3000
