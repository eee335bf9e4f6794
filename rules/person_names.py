"""What reads like a person's name, and what may as well be another word: the latter is asked about, never refused (R9)."""

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

_HAN = r"[\u3400-\u9fff\U00020000-\U000323af]"
_WHOLE = re.compile(f"{_HAN}{{2,4}}")
_PARTED = re.compile(f"{_HAN}{{1,12}}(?:·{_HAN}{{1,12}})+")


def is_plausible(name: str) -> bool:
    """Whether it reads like a name: a surname and one or two characters, or parts with dots between as minorities have.

    A compound surname, or a double one, makes it four characters.
    """
    if _PARTED.fullmatch(name):
        return True
    if not _WHOLE.fullmatch(name):
        return False
    if name[:2] in _COMPOUND and len(name) > 2:
        return True
    return name[0] in _SURNAMES and (len(name) < 4 or name[1] in _SURNAMES)
