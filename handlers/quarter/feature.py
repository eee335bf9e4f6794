"""Commands and buttons: the life of a quarter: progress, submission, confirmation, publication, extension, lead."""

from handlers.frame.routes import Command, Feature, Press
from handlers.quarter import course, extension, leads, progress, publishing
from rules.access import Deed

QUARTER = Feature(
    commands=(
        Command(
            "progress",
            ("进度",),
            progress.progress,
            "看本组本季度的进度",
            Deed.PROGRESS,
            prints=True,
            example="/progress 或 /progress 派出所组",
        ),
        Command(
            "submit",
            ("提交",),
            course.submit,
            "提交本组的季度成绩",
            Deed.SUBMIT,
            private=True,
            example="/submit 或 /submit 一季度",
            hint="先看汇总和缺什么，确认后才提交；没有检查的单位要逐个放过，没写原因的要先补。",
        ),
        Command(
            "confirm",
            ("审定",),
            course.confirm,
            "审定一个小组的季度成绩",
            Deed.CONFIRM,
            private=True,
            example="/confirm 派出所组 一季度",
            hint="申诉期都过了、申诉都裁定了才能审定；审定后成绩原样保存。",
        ),
        Command(
            "return",
            ("退回",),
            course.return_,
            "把季度成绩退回小组",
            Deed.CONFIRM,
            private=True,
            example="/return 派出所组 材料不全，请补",
        ),
        Command(
            "publish",
            ("公布",),
            course.publish,
            "公布季度成绩，看谁没签收",
            Deed.PUBLISH,
            private=True,
            example="/publish 或 /publish 派出所组",
        ),
        Command(
            "extend",
            ("延期",),
            extension.extend,
            "延长一个小组的期限",
            Deed.EXTEND,
            private=True,
            example="/extend 派出所考核小组 一季度 3-20 因防汛延长",
        ),
        Command(
            "lead",
            ("带队",),
            leads.lead,
            "指定带队局领导",
            Deed.LEAD,
            private=True,
            example="/lead 一季度 姓名",
        ),
    ),
    presses=(
        Press("prog", progress.pressed, Deed.PROGRESS, private=False),
        Press("progd", progress.details_pressed, Deed.PROGRESS, private=False),
        Press("st", course.pressed, Deed.SUBMIT, or_deeds=(Deed.CONFIRM, Deed.PUBLISH)),
        Press("stb", course.begin_pressed, Deed.SUBMIT, or_deeds=(Deed.CONFIRM, Deed.PUBLISH)),
        Press("ld", leads.pressed, Deed.LEAD),
        Press("ack", publishing.acknowledge_pressed, Deed.ACKNOWLEDGE),
        Press("ackr", publishing.remind_pressed, Deed.PUBLISH),
    ),
)
