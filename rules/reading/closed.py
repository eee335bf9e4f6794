"""The small words of a line: what joins, asks, denies, greets or leads to a reason, and says nothing of its own."""

import re

from rules.reading.row import Row

_SEVERAL = [
    first + verb + after + one + counted
    for first in ("", "再", "另")
    for verb in ("记", "登记", "录入", "录", "加", "来")
    for after in ("", "上", "入")
    for one in ("一", "1")
    for counted in ("条", "笔", "个", "下")
]
"""再记一笔."""

FILLER = Row(
    "请帮忙 请帮我 请给 请 麻烦您 麻烦你 麻烦 帮忙 帮我 帮 劳驾 你好 您好 登记一下 登记为 登记 录入 记录一下 记一下 记上 记入 记 登 一下 给予 给 对 把 将 被 "
    "在 到 去 于 的 了 也 都 均 又 再 还 并 应该是 应当是 就是 应该 应当 应 要 需要 需 拟 该 本次 这次 此次 扣分项目 扣分值 扣分 扣掉 扣除 扣去 扣 减分 减去 减掉 减 "
    "倒扣 罚分 计 检查发现 检查时发现 检查情况 扣分情况 扣分明细 检查 抽查 督查 督导 考核项目 考核 经查 查 发现 存在 经 我们 我组 我 本组 单位 项目 分值 分数 "
    "检查日期 检查时间 日期 时间 细则 条款 依据 违反 按照 按 根据 规定 方面 工作 类 这项 这一项 一项 项 这块 这一块 这方面 吧 哈 嗯 呃 那个 那 这个 关于 针对 "
    "同意 首先 其次 再次 最后 还有 同时 有 如下 的话 嘛 啊 呀 哦 追加 另行 补 补记 补扣 补录 补登 合计 共计 共 各自 各 分别 以及 和 与 及 跟 同 谢谢 "
    "deduct 计入 登在 名下 头上 因 由于 因为 故 所以 因此 然后 另外 另 其中",
    r"[\s,，;；。:、/|!?·…()'\"~-]",
    (
        *(
            lead + word + colon
            for lead in ("", "扣分")
            for word in ("原因", "理由", "事由")
            for colon in (":", " :")
        ),
        *(
            which + whom
            for which in ("以下", "下列", "以上", "上述")
            for whom in ("单位", "派出所", "各所", "所")
        ),
        *_SEVERAL,
    ),
)
"""Words that only hold the others together."""

LEAD = re.compile(
    r"(?:[\s,，;；。:、/|!?·…~-]+|[吧啦哈呀啊哦嘛](?=[\s,，。])|(?<=分)[吧啦呀啊哦嘛](?![台员])|(?:扣分|具体|主要)?(?:原因|理由|事由)(?=\s*[^\s。.,，;；!！)])\s*(?:是因为|是由于|是|为|系)?\s*[::]?(?!不)|(?:存在|主要|具体)?问题(?:是|为|:)|因为|由于|因(?![病公故果素此案人])|"
    r"(?:经|现场)?检查(?:时|中)?发现|(?:检查|抽查|督查|督导|巡查|查看)(?=[,，:])|经?查(?:时)?发现|经查|经检查|发现(?![率的])|被(?=[\s,，]|$)|的话(?=[\s,，])|的(?!确)|了(?!解)|"
    r"(?:应该?|需|要|拟)?扣分?(?=[\s,，。;；]|$)|存在(?=[^问]))"
)
"""What leads to a reason and is no part of it."""

TAIL = re.compile(
    r"(?:[\s,，;；。:、/|!?·…~-]+|(?:请|麻烦)?(?:予以|给予)?(?:登记|记录|录入)(?:一下)?$(?<![未不没]登记)(?<![未不没]记录)(?<=请登记)|谢谢|辛苦了|"
    r"(?<![克暂查])(?:应该?|需要?|要|拟|决定|故|特|请|给|共)?(?:扣分|扣掉|扣除|扣|给|对)$)"
)
"""What a reason ends with before the next part of a line."""

JOINING = re.compile(r"[\s,，、/|和与及跟同以]*")
"""What may stand between the units of a list."""

QUESTION = re.compile(
    r"[?？]\s*$|吗\s*[。!！~]*$|[吗呢么]\s*[?？]|多少|几分|怎么|怎样|如何|几号|几点(?![建意要])|是不是|对不对|好不好|合不合适|妥不妥|可否|你看|[行好对妥]不[\s。!！~]*$|要不要|该不该|能不能|可不可以|可以吗|[对是]吧\s*[。!！~]*$|行不行|什么|哪[个些里一天]|谁|为何|为什么|是否(?:扣|记|应|要|需|给)|(?:照片|记录|证据|依据|原因|文件|表|单)呢|多久|排第几|第几名|干嘛"
)
"""What a text holds that asks something."""

DENIAL = re.compile(
    r"不(?:用|必|需要?|要|该|应该?|能|予|再)?(?:扣|记)(?:分|了)?(?![齐紧好全在入录不清])|(?:没有|无|未见|没|未发现|没发现|没有发现|未发现有)(?:任何|其他|什么)?(?:问题|异常|扣分|毛病)(?=[\s,，。;；!！、]|$)|"
    r"一切正常|免扣|(?<![分特级类个])别(?:扣|记(?!录)|登记?)|暂不扣|扣过|不是扣|没扣|未扣|都正常|检查正常|情况良好|符合要求"
)
"""What says that nothing is deducted."""

_DENYING = re.compile("[不无没未免别正好符过]")


def denied(text: str, start: int, end: int) -> bool:
    """Whether the words there say that nothing is deducted."""
    return _DENYING.search(text, start, end) is not None and DENIAL.search(text[start:end]) is not None


TAKEN_BACK = re.compile(
    r"^\s*(?:撤销|取消|更正|撤回|改成|改为|删除|作废|恢复)|扣的[那这]?\s*[\d零一二两三四五六七八九十半]|(?:记错|扣错)(?![误字别漏])|扣多了?|(?:(?<![最顶])多扣|(?<![至最])少扣|(?<!错)误扣)(?![押留])|误记(?![录载])|"
    r"(?<![址息号名龄码字容据料份])(?:(?:搞|弄|登|(?<!笔)录)错(?![误字别漏])|写错了)"
)
"""What is said of a record that is there; 笔录错字, 台账记录错误, 误扣押财物 and 住址登错 are why points are taken."""

SUPPOSED = re.compile(
    r"^\s*(?:等(?![级候待])|建议|提议|如果|假如|要是|假设|万一|下次|以后|今后|比如|例如|明天|后天|准备|打算|计划)|再(?:.{0,8})就扣|可能要?扣|考虑扣|商量"
)
"""What is not said to have happened."""

CONDITION = re.compile(
    r"(?:如果|假如|要是|假设|万一|倘若|若是)|(?:我们?)?(?:打算|准备|计划|考虑|建议|提议)(?:要|给)?$"
)
"""Where a reason would stand, words that begin so say that nothing has happened yet, or that it is only planned."""

LOOKED = re.compile(r"[^\s,，。;；:不未没无]{0,6}(?:检查|抽查|督查|督导|巡查|暗访|暗查|走访|考核)[了到时]?")
"""Between a day and a unit: somebody was there on that day."""

ANNOUNCED = re.compile(
    r"(?:(?:今[天日]|我们?组?|一共|总共|共|要|应|被)*(?:扣了?|有|存在|发现|查出|检查|抽查|查|跑|去|走)?了?(?:以下|下列)?"
    r"(?P<count>\d{1,2}|[一两二三四五六七八九十]{1,3})(?:家单位|个(?:派出所|所|单位)|(?:[项处笔条件个点]|方面)的?(?:问题|扣分|不足)?)"
    r"|(?:有|存在|发现)?(?:以下|下列|如下)[几各]?[项处个点]?(?:问题|扣分|不足))(?:如下)?"
)
"""In front of several deductions: how many there are. It is no reason of the first."""

UNDONE = re.compile(
    r"(?:先|请|就|已|已经|暂时?|这[条笔]|给|都|[\s,，。!！])*(?:取消|撤销?|撤掉|撤回|作废|删除?|删掉|免了|算了|不算|不要|不用|别记|不记|别扣|不扣|还?没(?:记|扣|登)|未(?:记|扣|登)|挂着|搁置|再说|待定|暂定|待核实|待确认|待研究|"
    r"整改(?:到位|完毕|完成|好|合格)|(?<=已)整改|(?<=已经)整改|剩余?|剩下|满分|得分|是错的|不对|"
    r"(?:觉得|感觉)?(?:不太?|欠)(?:合适|合理|妥当?|公平|应该|恰当)|(?:扣得?)?(?:太|有点|偏|过)(?:多|少|重|轻|高|低|狠)|(?:扣得?)?(?:多|少|重|轻)(?=了)|"
    r"(?:跟你|和你)?(?:开个?玩笑|闹着玩|说着玩|随便说说|逗你玩?)|发错|打错|写错|测试|先不(?:登记?|记|扣|录|报)|等.{1,6}(?:定|再说|批|同意|研究|核实|确认|通知|决定)|"
    r"(?:还没有?|尚未)(?:核实|确认|定|批|研究)|(?:有|提出?)(?:意见|异议)|不服|不认可?|不接受|不同意|减半|打折|减轻)(?:掉|了|吧|呢|的|啊|哈|吗|一下|[\s,，。!！])*"
)
"""Words that take back or put off what they are said of, where a reason would stand: they are none."""

SPEECH = re.compile(
    r"(?:的?(?:人|同志|民警|所长|领导))?(?:说|反映|认为|觉得|表示|称|提出)(?![的谎])|(?:正在)?申诉(?![材不未没处办答超件率])|不服|(?:申请|要求|请求|希望|想)(?:给|能|把)?(?:减|免|撤|复核|复议|不|少|取消)"
)
"""What a unit itself says, behind its name."""

PUT_OFF = re.compile(
    r"(?:好的?|嗯|行|[\s,，]|请|原因|理由|这个|那个|我|先|去|再)*"
    r"(?:稍等|等我|容我|让我|等一?下|等等|等会儿?|待会儿?|过会儿?|晚点(?!名)|稍后|回头(?!看)|一会儿?|明天|马上|现在)"
    r"(?:我|再|就|来|去|给|你|您|[\s,，])*(?:补|说|写|发|看|问|查|填|报|告诉|确认|想|核实)[^未不没无缺漏少超]{0,8}|"
    r"(?:原因|理由|[\s,，])*(?:后|待|再|另)补(?:充|上|报)?"
)
"""Who answers so will answer later."""

CLOSING = re.compile(
    r"(?:以上|请|麻烦|烦请|望|谢谢|谢了|辛苦|领导|各位|好的?(?=[\s,，。!！~]|$)|好滴|收到|嗯+|ok)"
    r"(?:以上|收到|情况|请|您|你|大家|麻烦|望|领导|各位|给予|予以|查收|核实|审核|审阅|审定|知悉|知晓|确认|登记|录入|记录|一下|谢谢|辛苦|了|[\s,，。!！~])*"
)
"""A piece of nothing else ends a message and is no reason."""

FOR_ALL = re.compile(r"(?:原因)?(?:均|都|皆|全)(?:是|为|系|因为?|由于)")
"""What leads to the reason of several deductions."""

ALL_OF_THEM = re.compile(
    r"(?:等|这|以上|共)*(?P<count>\d{1,2}|[两二三四五六七八九十]{1,3})个?(?:派出所|所|单位|科室|家单位)(?:的|都|均)*"
)
"""How many units there are, behind their names."""

COURTESY = Row(
    "好 好的 好滴 好嘞 收到 谢谢 谢谢您 谢了 感谢 啦 多谢 在吗 在不在 你好 您好 早上好 下午好 早 嗯 哦 噢 啊 哈 呵 是 是的 对 对的 不是 不对 错 错了 搞错了 弄错了 记错了 打错 打错了 发错 发错了 不好意思 抱歉 对不起 "
    "不行 不 行 可以 知道 知道了 明白 明白了 了解 清楚 辛苦 辛苦了 没事 没关系 稍等 等一下 等等 等会 等会儿 一会 一会儿 马上 稍后 已阅 已办 完了 结束 完毕 "
    "ok okay okk yes no hi hello help thanks thx test 在 到 没有原因 具体原因 不知道原因 不清楚原因 无 没有 没有了 没 暂无 不知道 不清楚 忘了 取消 算了 登记 确认 提交 继续 下一个 返回 退出 "
    "先这样 就这样 同意 请问 师傅 领导 老师 同志 组长 帮助 菜单 撤销 更正 我 问一下 看一下 看看 想想 查一下 再说 去 先 了 吧 呀 哈 哎 唉 喂",
    r"[\W\d]",
)
"""A text of nothing else is a courtesy, a word of the dialog, or no word at all."""

_BEFORE_WISH = Row(
    "的 本季度 本 年度 全年 季度 派出所 机关 各所 全局 看看 看一下 查一下 查询 查 我要 我想 帮我 请 一下", r"\s"
)
_WISH = re.compile(
    "(?:成绩单?|得分|分数|排名|名次|明细|进度|走势|情况|记录|申诉|更正|撤销|帮助|通报|导出|提交|审定)?"
)
_BEHIND_WISH = Row("怎么样 呢 吧 记录", r"[\d\s]")


def is_wish(text: str) -> bool:
    """Whether a text, names aside, asks for something else than a deduction, or is nothing."""
    wish = _WISH.match(text, _BEFORE_WISH.end(text))
    return wish is not None and _BEHIND_WISH.end(text, wish.end()) == len(text)


CHANGED = Row(
    "应 应当 应该 应改 改 改为 改成 改到 更正为 调整为 换成 写成 登成 是 不是 为 而 扣 分 对 错 单位 项目 分值 分数 日期 由 从 的 了 吧 "
    "下个 下一个 下一笔 另一个 另一笔 还有 接着",
    r"[\s,，。、;；:：!！~]",
)
"""What says that something of a record is another value, names and numbers aside."""

QUOTED = re.compile(
    r"(?!.*(?:群众|居民|市民|家属|当事人|报警人|店主))(?:[^不未没无胡乱\s\d]{0,10}(?:说|讲|[让叫]我?|告诉我)|"
    r"(?:[我你他她]们?|个人|[\u4e00-\u9fff]{0,4}(?:组长|主任|局长|领导|队长|处长|科长|所长|政委|同志|考核员|老师|警官|上面|上级))"
    r"(?:通知|要求|指示|安排|交代|建议|认为|觉得|看|提出|提议|意见))[\s:：,，]*"
)
"""Words of nothing else tell who said it, and no reason."""

EXCLUDED = re.compile(r"(?:不是|并非|而非|不扣|别扣|不记|不包括|不含|除去?|改[成为]|换成|应为|或者?|还是)\s*$")
"""What stands before a name that is not meant, or perhaps not."""

UNSAID = re.compile(
    r"(?:我|刚才|刚刚|上面|这|那|上|一|笔|条|个|是|的|又|\s)*(?:记错|扣错|搞错|弄错|登错|写错|发错|打错|误记|误扣|扣多|多扣|少扣|不对|不算数?|不要|作废|取消|删掉?|撤掉?|错)(?:了|啦|呀|吧|[。!！,，])*"
)
"""What is said of a record, and why of none."""

ALSO = re.compile(r"\s*(?:也|亦|同样|一样)(?!有|未|没|不|无)")
"""Behind a unit: what was said of another is said of it, too."""

MARKED = re.compile(r"(?:原因|理由|事由)\s*(?:是|为|:)")
"""What says that the words behind it are the reason."""

SAID_TO_BE_REASON = re.compile(r"(?:扣分)?(?:原因|理由|事由)\s*(?:是|为)?\s*:\s*")
"""What a text begins with whose other words are the reason, whatever they are like."""

MENTION = re.compile(r"^(?:\s*@\w+(?=[\s,，:：]|$))+|(?:(?<=\s)@\w+\s*)+$")
"""Who is addressed, in front of a text or behind it: a word of its own. @SUM(A1) is none, nor is @所有人 in a sentence."""

BULLET = re.compile(
    r"\s*(?:\d{1,3}\s*[.、)](?!\d)\s*|\(\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*\)\s*|[①-⑳⑴-⒇⒈-⒛㈠-㈩]\s*|[一二三四五六七八九十]{1,3}\s*、\s*|第\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[项条笔个件]?\s*[,，、:]\s*|"
    r"[一二三四五六七八九]是|[•·*●○■□◆▪]\s*|-\s+)"
)
"""A number or a dot in front of a line."""

HEAD = re.compile(
    r"(?:[\s:,，。、()]|检查|抽查|督查|督导|考核|巡查|情况|结果|问题|通报|汇总|明细|扣分|如下|发现|登记|请登记|记录|清单|名单|今日|今天|本周|的|和|及|各|派出所|单位|登记表|本次|以下)+"
)
"""A line of nothing else is a heading."""

SPEAKER = re.compile(r"\s*[\u4e00-\u9fff]{1,3}(?:组长|考核员|警官|主任|科长|老师)\s*:\s*(?=\S)")
"""Who said a line of several: 王组长：."""

PASTED = re.compile(
    r"\s*(?:\(\s*(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*)?\d{1,2}:\d{2}(?::\d{2})?\s*\)\s*(?P<who>[^\s:]{1,12})\s*:\s*|"
    r"(?P<name>[^\s:\d]{1,12})\s*(?:[ \t]*(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?\s+|[ \t]+(?:星期[一二三四五六日天]\s*)?(?:上午|下午|晚上|昨天|今天)?\s*|[ \t]*)\d{1,2}:\d{2}(?::\d{2})?\s*:?\s*$)"
)
"""Who wrote a pasted message and when: a line of its own, or in front of the words."""
