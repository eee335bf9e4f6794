"""A part of a bureau's year of its officers by conversation; the whole of it is one of the long runs."""

from tests.bureau_year import run


async def test_every_table_is_what_a_tally_beside_it_says(tmp_path):
    bureau = await run(tmp_path, units=4, officers=30, months=2)
    assert bureau.acts > 40
