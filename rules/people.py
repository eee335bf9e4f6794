"""Persons and the posts they hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a person is to the assessment; the value is the word on screen."""

    ADMIN = "管理员"
    OFFICE = "考评办"
    LEADER = "领导"
    HEAD = "组长"
    DEPUTY = "副组长"
    ASSESSOR = "考核员"
    LIAISON = "联络员"
    UNIT_HEAD = "单位负责人"
    OFFICER = "民警"


GROUP_ROLES = frozenset({Role.HEAD, Role.DEPUTY, Role.ASSESSOR})
"""The roles that belong to a group and log deductions for its units (R8)."""

UNIT_ROLES = frozenset({Role.LIAISON, Role.UNIT_HEAD})
"""The roles that speak for a unit."""


@dataclass(frozen=True, slots=True)
class Post:
    """One role of a person, with the group or the unit that it is held in.

    `own_unit` is the code of the unit that a member of a group comes from and never scores (R8, 回避); of an officer who
    moved since the post was given, the unit that it moved to.
    `officer` is the id of the officer whose own result a 民警 sees.
    """

    role: Role
    group: str | None = None
    unit: str | None = None
    own_unit: str | None = None
    officer: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known to the bot, with the posts held now."""

    id: int
    telegram_id: int
    name: str
    posts: tuple[Post, ...] = ()

    def has(self, roles: Iterable[Role]) -> bool:
        """Whether the person holds a post in one of the roles."""
        wanted = frozenset(roles)
        return any(post.role in wanted for post in self.posts)

    @property
    def groups(self) -> frozenset[str]:
        """The groups that the person is a member of."""
        return frozenset(post.group for post in self.posts if post.role in GROUP_ROLES and post.group)

    @property
    def units(self) -> frozenset[str]:
        """The units that the person speaks for, as their liaison or head."""
        return frozenset(post.unit for post in self.posts if post.role in UNIT_ROLES and post.unit)

    @property
    def officers(self) -> frozenset[int]:
        """The officers that the person is: one, whose own results it sees."""
        return frozenset(post.officer for post in self.posts if post.officer is not None)

    @property
    def own_units(self) -> frozenset[str]:
        """The units that the person comes from: never scored by it, whatever else it is (R8)."""
        return frozenset(unit for post in self.posts for unit in (post.unit, post.own_unit) if unit)
