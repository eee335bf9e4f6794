"""Commands and buttons: marking a unit as inspected."""

from handlers.frame.routes import Command, Feature, Press
from handlers.inspect import inspect
from rules.access import Deed

INSPECT = Feature(
    commands=(
        Command("done", ("检查完毕",), inspect.done, "标记检查完毕", Deed.INSPECT, example="/done 城关所"),
    ),
    presses=(
        Press("done", inspect.pressed, Deed.INSPECT, private=False),
        Press("undone", inspect.take_back_pressed, Deed.INSPECT, private=False),
    ),
)
