"""Random people do random things; the ledger's invariants hold."""

import asyncio

from crowd import action, live
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(action, min_size=10, max_size=40))
def test_whatever_people_do_the_ledger_holds(actions):
    asyncio.run(live(actions))
