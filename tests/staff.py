"""A bureau's staff for dialogs about who hears of what: two of each kind, so that one taken for another shows."""

from tests.conversation import OFFICES, STATIONS, Player, Post, Role, Town

POSTS: dict[str, tuple[Post, ...]] = {
    "陈管理": (Post(Role.ADMIN),),
    "林主任": (Post(Role.OFFICE),),
    "孙主任": (Post(Role.OFFICE),),
    "高局长": (Post(Role.LEADER),),
    "马局长": (Post(Role.LEADER),),
    "李组长": (Post(Role.HEAD, group=STATIONS),),
    "赵副组长": (Post(Role.DEPUTY, group=STATIONS),),
    "王伟": (Post(Role.ASSESSOR, group=STATIONS),),
    "李娜": (Post(Role.ASSESSOR, group=STATIONS),),
    "郑组长": (Post(Role.HEAD, group=OFFICES),),
    "钱副组长": (Post(Role.DEPUTY, group=OFFICES),),
    "钱考核": (Post(Role.ASSESSOR, group=OFFICES),),
    "周联络": (Post(Role.LIAISON, unit="chengguan"),),
    "吴联络": (Post(Role.LIAISON, unit="chengguan"),),
    "城关所长": (Post(Role.UNIT_HEAD, unit="chengguan"),),
    "东门联络": (Post(Role.LIAISON, unit="dongmen"),),
    "法制联络": (Post(Role.LIAISON, unit="fazhi"),),
}


async def staff(town: Town) -> dict[str, Player]:
    """Everybody by name, each with the bot's chat open."""
    everybody = {name: await town.person(name, *posts) for name, posts in POSTS.items()}
    for player in everybody.values():
        town.world.send(player.id, player.id, "/help")
    await town.settle()
    return everybody
