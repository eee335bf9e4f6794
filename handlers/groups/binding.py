"""Group chats: /bind makes one an assessment group's own; in any other the bot only says so (Groups)."""

from telegram import ChatMember, Update

from handlers.frame import names
from handlers.frame.context import Context
from handlers.frame.reply import Say
from handlers.groups import binding_text
from rules.people import Role
from rules.refusals import GroupOnly, WrongChat
from storage import settings


async def bind(context: Context) -> None:
    """/bind 派出所考核小组, in the group chat; without a name it asks, 解除 lets it go."""
    if context.in_private:
        raise GroupOnly
    text = context.words.strip()
    if text in {"解除", "取消"}:
        async with context.database.transaction() as session:
            was = await settings.unbind(session, chat_id=context.chat_id, by=context.person.id, now=context.now)
        await context.reply(Say(binding_text.unbound(was)))
        return
    if not text:
        buttons = names.group_buttons(context.bureau.groups, "bind")
        await context.reply(Say(binding_text.which(context.group), buttons))
        return
    await _bind(context, names.group(context, text, then="bind").name)


async def pressed(context: Context) -> None:
    """The group was chosen."""
    if context.in_private:
        raise GroupOnly
    await _bind(context, names.group_of(context, context.argument(0)).name)


async def _bind(context: Context, group: str) -> None:
    async with context.database.transaction() as session:
        if await settings.bound_to(session, context.chat_id) != group:
            await settings.bind(
                session, chat_id=context.chat_id, group=group, by=context.person.id, now=context.now
            )
    me = await context.bot.get_me()
    say = Say(binding_text.bound(group, context.bot.username, hears_all=bool(me.can_read_all_group_messages)))
    await (context.rewrite(say) if context.pressed else context.reply(say))


def check(context: Context, *, about_binding: bool) -> None:
    """In a group chat only the members of its assessment group, and the office, are answered. WrongChat."""
    if context.in_private or about_binding:
        return
    if context.group is None:
        raise WrongChat(None)
    if context.group not in context.person.groups and not context.person.has({Role.OFFICE}):
        raise WrongChat(context.group)


async def chat_changed(update: Update, context: Context) -> None:
    """The bot was added to a group, or taken out; or the group got a new number."""
    message, change = update.message, update.my_chat_member
    async with context.database.transaction() as session:
        if message is not None and message.migrate_to_chat_id is not None:
            await settings.moved(
                session, from_chat=message.chat_id, to_chat=message.migrate_to_chat_id, now=context.now
            )
        elif change is not None and change.new_chat_member.status in {ChatMember.LEFT, ChatMember.BANNED}:
            await settings.unbind(session, chat_id=change.chat.id, by=None, now=context.now)
