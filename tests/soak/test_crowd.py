"""Many random people, for a long time."""

import asyncio

from crowd import action, live
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(action, min_size=30, max_size=120))
def test_whatever_many_people_do_the_ledger_holds(actions):
    asyncio.run(live(actions))
