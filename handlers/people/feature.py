"""Commands and buttons: persons, invitations, removal."""

from handlers.frame.routes import Command, Feature, Narrow, Press
from handlers.people import inviting, people
from rules.access import Deed
from rules.people import Role

PEOPLE = Feature(
    commands=(
        Command(
            "invite",
            ("邀请",),
            inviting.invite,
            "邀请人员加入",
            Deed.INVITE,
            private=True,
            example="/invite 考核员 派出所考核小组",
            narrow=Narrow(lambda person: not person.has({Role.ADMIN, Role.OFFICE}), "/invite 民警 张伟"),
        ),
        Command(
            "people",
            ("人员",),
            people.show_people,
            "看有哪些人员",
            Deed.PEOPLE,
            private=True,
            example="/people 城关所 或 /people 张",
        ),
        Command(
            "remove", ("移除",), people.remove, "移除人员", Deed.REMOVE, private=True, example="/remove 姓名"
        ),
        Command("whoami", ("我是谁",), people.whoami, "看自己的身份和编号", None, private=True, anywhere=True),
        Command("start", (), people.start, "开始", None, lets_in=True, in_menu=False, anywhere=True),
    ),
    presses=(
        Press("invr", inviting.role_pressed, Deed.INVITE),
        Press("invg", inviting.group_pressed, Deed.INVITE),
        Press("invo", inviting.own_sequence_pressed, Deed.INVITE),
        Press("inv", inviting.member_pressed, Deed.INVITE),
        Press("invq", inviting.sequence_pressed, Deed.INVITE),
        Press("invu", inviting.unit_pressed, Deed.INVITE),
        Press("rm", people.remove_pressed, Deed.REMOVE),
        Press("invp", inviting.officer_pressed, Deed.INVITE),
    ),
)
