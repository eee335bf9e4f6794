"""What is written like a person's name, and what can hardly be another word (R9)."""

import re

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫"
    "经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓"
    "牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙"
    "池乔阴鬱胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容"
    "向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰"
    "巢关蒯相查后荆红游竺权逯盖益桓公肖付闫兰覃亓佟冼苟旷言商甯岳帅缑亢况郈有琴佘佴伯赏墨哈谯笪年爱阳佟尧"
)
"""One-character surnames, those of the Hundred Family Surnames first."""

_COMPOUND = frozenset({
    "欧阳", "上官", "司马", "诸葛", "司徒", "东方", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司空", "端木",
    "独孤", "南宫", "闻人", "万俟", "轩辕", "淳于", "单于", "太史", "申屠", "钟离", "呼延", "赫连", "澹台", "拓跋", "西门", "百里",
})  # fmt: skip

OFFICE_WORDS = frozenset({
    "扣分", "记分", "加分", "分数", "得分", "计分", "成绩", "排名", "名次", "走势", "对比", "明细", "进度",
    "导入", "导出", "登记", "撤销", "更正", "提交", "审定", "退回", "公布", "延期", "带队", "证据", "申诉",
    "报送", "签收", "签字", "花名册", "考核", "考评", "考评办", "办法", "细则", "通报", "设置", "推送", "备案",
    "绑定", "留痕", "邀请", "人员", "移除", "帮助", "开始", "姓名", "警号", "职务", "单位", "派出所", "所长",
    "教导员", "副所长", "内勤", "外勤", "民警", "辅警", "警察", "社区民警", "治安", "刑侦", "交警", "队长",
    "科长", "局长", "大队", "中队", "支队", "机关", "科室", "检查", "完毕", "原因", "项目", "季度", "年度",
    "月份", "今天", "昨天", "休假", "借调", "到岗", "离岗", "新增", "变更", "不变", "全部", "没有", "已删除",
    "管理", "安全", "安保", "安排", "程序", "时间", "时候", "方法", "方面", "常规", "任务", "金额", "经费",
    "应急", "应当", "管区", "全所", "全体", "全局", "于是", "常委", "路面", "路段", "车辆", "车管", "单项",
    "万元", "管理员", "领导", "组长", "副组长", "考核员", "联络员", "单位负责人",
})  # fmt: skip
"""Words of the office that are nobody's name, though some begin like a surname."""

_HAN = r"[\u3400-\u9fff\U00020000-\U000323af]"
_PART_OF_A_UNIT = re.compile(
    "(?:班子|[大中小支]队|警务[区室队站]|派出所|科室|[一二三四五]组|人员|民警|辅警|名单|名册)$"
)
"""How the headings within a list of people end."""
_WHOLE = re.compile(f"{_HAN}{{2,4}}")
_PARTED = re.compile(f"{_HAN}{{1,12}}(?:·{_HAN}{{1,12}})+")


def is_written_like_one(name: str) -> bool:
    """Whether it is written as names are: two to four characters, or parts with dots between as minorities have.

    What ends like the heading of a list, as 社区中队 does, is not.
    """
    if _PART_OF_A_UNIT.search(name):
        return False
    return bool(_WHOLE.fullmatch(name) or _PARTED.fullmatch(name))


def is_plausible(name: str) -> bool:
    """Whether it can hardly be anything but a name, even amid other words: a surname leads it, or it has parts.

    A compound surname, or a double one, makes it four characters.
    """
    if _PARTED.fullmatch(name):
        return True
    if not _WHOLE.fullmatch(name) or name in OFFICE_WORDS:
        return False
    if name[:2] in _COMPOUND and len(name) > 2:
        return True
    return name[0] in _SURNAMES and (len(name) < 4 or name[1] in _SURNAMES)
