"""docs/rules.md shows the same table of rights that the program goes by (R8)."""

from pathlib import Path

from rules.access import ROLES_FOR
from rules.people import Role

COLUMNS = (
    {Role.ADMIN},
    {Role.OFFICE},
    {Role.LEADER},
    {Role.HEAD, Role.DEPUTY},
    {Role.ASSESSOR},
    {Role.LIAISON},
    {Role.UNIT_HEAD},
    {Role.OFFICER},
)


def table():
    text = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    lines = text.split("## R8")[1].split("## R9")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {row[0]: row[1:] for row in rows[2:]}


def test_every_right_in_the_docs_is_one_in_the_program_and_the_other_way_round():
    shown = table()
    assert set(shown) == {deed.value for deed in ROLES_FOR}
    for deed, roles in ROLES_FOR.items():
        for cell, column in zip(shown[deed.value], COLUMNS, strict=True):
            assert column & roles == (column if cell else set()), (deed, column)
