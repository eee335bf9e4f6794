"""Why somebody is told that nothing is done for them."""

from enum import Enum


class Why(Enum):
    """Why somebody is turned away."""

    UNKNOWN = "unknown"
    """The account is not in the list."""
    BAD_LINK = "bad_link"
    """It opened an invitation that there is none of."""
    USED_LINK = "used_link"
    OLD_LINK = "old_link"
    ANONYMOUS = "anonymous"
    """It spoke under the name of a chat."""
    UNBOUND = "unbound"
    """Somebody in the list gave a command in a group chat that is bound to no assessment group."""
    FOREIGN = "foreign"
    """Somebody in the list gave a command in the group chat of another assessment group."""
