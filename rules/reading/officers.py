"""A line about an officer is read as one about a unit is: the officers stand where the units do (R9)."""

from collections.abc import Iterable

from rules.names import Named, Names
from rules.officers import Officer
from rules.reading.vocabulary import Vocabulary, item_names
from rules.scheme import Item


def officer_vocabulary(officers: Iterable[Officer], items: Iterable[Item]) -> Vocabulary:
    """The officers by name and badge number, and the items that they can lose points on."""
    return Vocabulary(
        units=Names(Named(o.code, o.name, (o.number,) if o.number else ()) for o in officers),
        sequences=Names(()),
        items={"": item_names(items)},
        categories={},
        persons=True,
    )
