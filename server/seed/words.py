"""Names, homes and faults of the sample month, as a register writes them.

All of it is made up; the telephone numbers are from a block that no one answers
(170 0000 ….). May not enter: what happens.
"""

from typing import NamedTuple

PROJECTS = ("望江府", "听澜苑", "松风里", "云溪谷")
SURNAMES = "赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = ("敏", "建国", "雨桐", "志远", "丽华", "晓东", "佳宁", "海燕", "思源", "玉兰")
CHANNELS = ("热线", "热线", "热线", "物业前台", "微信", "来访", "来信")
AGENTS = ("顾小北", "陈晓")
REMARKS = (
    "", "", "", "", "上门前先打电话", "家里有宠物", "下午四点以后在家", "老人独居",
    "门铃坏了，请敲门", "车位紧张，停访客区", "上次修过又坏了", "白天没人，周末可以",
)  # fmt: skip
RELATIONS = ("owner", "owner", "owner", "family", "tenant")
UNHAPPY = (
    "接口处还在渗水", "胶缝不平整，颜色不一致", "补漆有色差", "门缝还是漏风",
    "插座还是松", "开关声音比以前大",
)  # fmt: skip
WILL_NOT_SIGN = (
    "要求先赔偿泡坏的地板再签字",
    "认为应由开发商更换整套设备",
    "对收费有异议",
)
TURNED_AWAY = ("业主现在不方便", "业主要求换人", "业主已自行解决")
COMMENTS = (
    "业主来电催单，已安抚，答应下午回话。",
    "物业说楼上住户周六才回来，届时一起查看。",
    "施工单位来电：对责任认定有异议，要求复勘。",
    "业主要求提供上次维修的记录。",
    "配件供应商说周三到货。",
)
DISPUTED = "当时说好不另收人工费。"
COMPLAINED = "晚上又开始滴水了。"
MERGED = "同一户昨天已报过，是同一个漏点。"

EMERGENCY, URGENT, NORMAL = "emergency", "urgent", "normal"


class Fault(NamedTuple):
    """A fault as the caller says it, where it is, what a technician finds and does."""

    trade: str
    said: str
    place: str
    cause: str
    remedy: str
    goods: str
    fen: int
    priority: str = NORMAL


FAULTS: tuple[Fault, ...] = (
    Fault("给排水", "水槽柜里一直滴水，垫了盆", "厨房水槽下", "下水软管接口老化",
          "更换下水软管", "软管", 3_800),
    Fault("给排水", "淋浴间角阀滴水，关不死", "次卫淋浴间", "角阀阀芯磨损",
          "更换角阀", "角阀", 4_500),
    Fault("给排水", "马桶水箱一直流水", "主卫", "进水阀密封件变形",
          "更换进水阀", "进水阀", 6_200),
    Fault("给排水", "水管爆了，水流到走廊", "入户水表后", "接头开裂",
          "更换接头并试压", "接头", 5_600, EMERGENCY),
    Fault("给排水", "卫生间地漏返味", "主卫淋浴区", "地漏水封干涸、芯子老化",
          "更换防臭地漏芯", "地漏芯", 5_200),
    Fault("防水", "卫生间外面墙根发霉起皮", "次卫外墙根", "墙脚防水层破损",
          "重做局部防水", "防水涂料", 26_000),
    Fault("防水", "下雨飘窗顶上渗水", "主卧飘窗", "窗框外侧密封胶开裂",
          "清缝重新打胶", "耐候胶", 5_400),
    Fault("防水", "主卫吊顶滴水，楼上洗澡就滴", "主卫吊顶", "楼上地漏周边渗漏",
          "重新封堵地漏", "堵漏剂", 8_800, URGENT),
    Fault("电气", "一用微波炉就跳闸", "入户配电箱", "空气开关触点烧蚀",
          "更换空气开关", "空开", 9_800, URGENT),
    Fault("电气", "插座有焦味，不敢用", "客厅电视墙", "接线松动发热",
          "更换面板并压线", "面板", 3_600, EMERGENCY),
    Fault("电气", "过道灯时亮时不亮", "入户过道", "灯头氧化",
          "更换灯头", "灯头", 1_900),
    Fault("门窗", "阳台窗关不严，夜里有风声", "北阳台", "铰链变形",
          "更换铰链后调校", "铰链", 12_000),
    Fault("门窗", "推拉门轨道卡，推不动", "客厅阳台门", "滑轮磨损",
          "更换滑轮、清理轨道", "滑轮", 6_800),
    Fault("门窗", "入户门锁舌卡住，人出不来", "入户门", "锁体弹簧疲劳",
          "更换锁体", "锁体", 32_000, EMERGENCY),
    Fault("装修", "卧室墙上一条竖缝越来越长", "主卧东墙", "接缝未挂网",
          "开缝挂网补漆", "网格布", 7_600),
    Fault("装修", "墙砖空鼓，敲起来空的", "厨房灶台旁", "瓷砖粘结不足",
          "拆除重贴", "瓷砖胶", 18_500),
    Fault("暖通", "儿童房地暖不热", "儿童房", "分路球阀堵塞",
          "更换球阀并排气", "球阀", 8_200, URGENT),
    Fault("暖通", "新风机噪音大，出风小", "客厅吊顶检修口", "滤网堵塞",
          "更换滤网", "滤网", 15_600),
)  # fmt: skip
PIPE_BURST, FROM_ABOVE, WALL_CRACK = FAULTS[3], FAULTS[7], FAULTS[14]
TAP_DRIPS = FAULTS[1]
TRADES = tuple(dict.fromkeys(fault.trade for fault in FAULTS))
NOT_REPAIRS: tuple[tuple[str, str, str], ...] = (
    ("complaint", "物业服务", "保洁三天没有打扫楼道，电话没人接"),
    ("complaint", "装修", "修过两次的墙面又裂了，要求给说法"),
    ("enquiry", "装修", "想知道防水还在不在保修期内"),
    ("enquiry", "电气", "加装充电桩要办什么手续"),
    ("suggestion", "物业服务", "建议大堂放一台除湿机"),
)


class Worker(NamedTuple):
    """Somebody who works here; `drift_s`: how far their tablet's clock is off."""

    id: str
    name: str
    role: str
    trades: tuple[str, ...] = ()
    drift_s: int = 0


DESK: tuple[Worker, ...] = (
    Worker("chen", "陈晓", "dispatcher"),
    Worker("gu", "顾小北", "dispatcher"),
    Worker("tang", "唐静", "manager"),
    Worker("sun", "孙毅", "auditor"),
    Worker("he", "何工", "engineer"),
    Worker("luo", "罗佳", "administrator"),
)
# What the desk writes with a decision on what waits for a person.
LOOKED_AT = "已与双方核对，按此处理。"
TECHNICIANS: tuple[Worker, ...] = (
    Worker("li", "李卫东", "technician", ("给排水", "防水")),
    Worker("wang", "王海涛", "technician", ("给排水", "暖通"), -40 * 60),
    Worker("zhou", "周建平", "technician", ("电气", "暖通")),
    Worker("ma", "马文斌", "technician", ("门窗", "装修"), 95),
    Worker("xu", "徐国庆", "technician", ("防水", "装修")),
    Worker("gao", "高明", "technician", ("电气", "门窗"), 3 * 3600),
    Worker("deng", "邓永福", "technician", ("给排水", "电气")),
    Worker("fan", "范立新", "technician", ("装修", "门窗", "防水")),
)
# Who is there besides in a month of thousands.
MORE_TECHNICIANS: tuple[Worker, ...] = tuple(
    Worker(id_, name, "technician", trades)
    for id_, name, trades in (
        ("peng", "彭振华", ("给排水", "防水")), ("cui", "崔志强", ("给排水", "暖通")),
        ("lu", "陆建忠", ("电气", "暖通")), ("pan", "潘小军", ("门窗", "装修")),
        ("yuan", "袁世杰", ("防水", "装修")), ("jiang", "蒋春生", ("电气", "门窗")),
        ("tian", "田永刚", ("给排水", "电气")), ("ren", "任国平", ("装修", "门窗")),
        ("fang", "方志明", ("给排水", "防水")), ("shi", "石磊", ("电气", "暖通")),
        ("yao", "姚文军", ("门窗", "装修")), ("tan", "谭立国", ("防水", "装修")),
    )
)  # fmt: skip
CONTRACTOR = ("hongda", "宏达建设", ("deng", "fan"))
EXPIRED = ("gao", "电气")  # whose certificate for what has run out
LOG_FILE = "总台账-{day}.csv"
NO_PHONE = "没留电话"  # what somebody writes where a number belongs
# What the office decides about each sort of difference: how, why, in which words. Of
# the others every one still waits.
DECIDED: dict[str, tuple[str, str, str]] = {
    "arrival_differs": ("field", "evidence", ""),
    "arrival_missing": ("field", "log_gap", ""),
    "missing_in_register": ("field", "log_gap", "请台账补登。"),
    "signature_denied": ("field", "owner_signed", ""),
    "number_twice": ("field", "log_slip", ""),
    "amount_differs": ("field", "owner_signed", "以业主签字的金额为准。"),
    "technician_differs": ("log", "told_later", "当天换了人上门，已问过班长。"),
    "unknown_number": ("log", "field_gap", "电话打到物业前台，没有转过来。"),
    "payer_differs": ("waive", "both_hold", "台账按整单填，现场逐项认定。"),
    "repeat_unlinked": ("correct", "not_linked", ""),
    "duplicate_request": ("waive", "both_hold", "两处不是同一个故障。"),
    "call_contradicts": ("waive", "both_hold", "回访后业主改了口，已另行跟进。"),
}
# Why something is still open when a day is closed.
OPEN_FOR: dict[str, tuple[str, ...]] = {
    "order": ("等配件", "等业主", "等施工单位", "等费用批准"),
    "review": ("等双方核对",),
    "difference": ("等台账更正", "已问师傅，等答复"),
}
RECOUNTED = "有迟到的现场记录"
