"""The people, homes and faults of the sample month, and the calls they make.

Names are made up; the telephone numbers are from a block that no one in the sample
answers (170 0000 ….). May not enter: what happens after the call.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from infra.demo.happenings import Technician
from sync.register import RegisterRow

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
SHANGHAI = timezone(timedelta(hours=8))

SLOW_MS = -40 * MINUTE
TECHNICIANS = (Technician("li", "李卫东"), Technician("wang", "王海涛", SLOW_MS))

SITES = ("松风花园", "听澜府", "锦悦里")
SURNAMES = "赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = ("敏", "建国", "雨桐", "志远", "丽华", "晓东", "佳宁", "海燕", "思源", "玉兰")
AGENTS = ("顾小北", "唐静", "罗佳")
REMARKS = ("", "", "", "上门前先打电话", "家里有宠物", "下午四点以后在家", "老人独居")
CHANNELS = ("热线", "热线", "热线", "物业前台", "微信", "来访")
PRIORITY = ("normal", "normal", "normal", "normal", "urgent", "urgent", "emergency")
KIND = ("repair",) * 8 + ("complaint",)


@dataclass(frozen=True)
class Fault:
    """A fault as the caller says it, and what a technician finds and does."""

    trade: str
    said: str
    place: str
    cause: str
    method: str
    parts: tuple[tuple[str, int], ...]
    labour: tuple[tuple[str, int], ...]


FAULTS: tuple[Fault, ...] = (
    Fault(
        "给排水",
        "厨房水槽柜里有水，下面一直滴",
        "厨房水槽柜",
        "下水软管接口老化",
        "更换下水软管并做闭水试验",
        (("M103", 1), ("M104", 1)),
        (("G001", 1),),
    ),
    Fault(
        "给排水",
        "卫生间角阀关不死",
        "主卫台盆下",
        "角阀阀芯磨损",
        "更换角阀和软管",
        (("M101", 1), ("M102", 2), ("M104", 1)),
        (("G002", 1),),
    ),
    Fault(
        "给排水",
        "淋浴龙头冷热水都漏",
        "次卫淋浴区",
        "陶瓷阀芯开裂",
        "更换阀芯",
        (("M105", 1),),
        (("G001", 1),),
    ),
    Fault(
        "防水",
        "卫生间外墙根发霉起皮",
        "主卫外墙根",
        "淋浴区墙脚防水层破损",
        "铲除后重做局部防水",
        (("M201", 3), ("M202", 2), ("M203", 1)),
        (("G005", 2),),
    ),
    Fault(
        "防水",
        "下雨飘窗顶上渗水",
        "次卧飘窗",
        "窗框外侧密封胶开裂",
        "清缝后重新打胶",
        (("M203", 3),),
        (("G003", 1),),
    ),
    Fault(
        "电气",
        "厨房一用电器就跳闸",
        "配电箱",
        "空气开关触点烧蚀",
        "更换空气开关并复测回路",
        (("M301", 1), ("M303", 2)),
        (("G002", 1),),
    ),
    Fault(
        "电气",
        "客厅插座没电，有焦味",
        "客厅电视墙",
        "插座接线松动发热",
        "更换面板并重新压线",
        (("M302", 2), ("M303", 3)),
        (("G002", 1),),
    ),
    Fault(
        "门窗",
        "阳台窗关不严，晚上有风声",
        "北阳台",
        "铰链变形、密封条老化",
        "更换铰链和密封条后调校",
        (("M401", 1), ("M403", 4)),
        (("G004", 1),),
    ),
    Fault(
        "门窗",
        "入户门锁舌卡住，要用力拉",
        "入户门",
        "锁体弹簧疲劳",
        "更换锁体",
        (("M402", 1),),
        (("G004", 1),),
    ),
    Fault(
        "装修",
        "卧室墙上一条竖缝，越来越长",
        "主卧东墙",
        "轻质隔墙接缝未挂网",
        "开缝挂网、批腻子、补漆",
        (("M501", 3), ("M502", 2), ("M503", 1)),
        (("G003", 2),),
    ),
    Fault(
        "装修",
        "厨房墙砖空鼓，怕掉下来",
        "厨房灶台旁",
        "瓷砖粘结不足",
        "拆除空鼓砖并重贴",
        (("M504", 3), ("M505", 4)),
        (("G003", 2),),
    ),
    Fault(
        "暖通",
        "儿童房地暖不热",
        "儿童房分水器",
        "分路球阀堵塞",
        "更换球阀并排气",
        (("M603", 1), ("M601", 1)),
        (("G006", 1),),
    ),
    Fault(
        "暖通",
        "新风出风小，声音大",
        "新风机房",
        "滤网堵塞",
        "更换滤网并清洁风道口",
        (("M602", 2),),
        (("G006", 1),),
    ),
)


def chance(*about: object) -> Random:
    """The dice for one matter: throwing others does not change these."""
    return Random("/".join(map(str, about)))


def calls(seed: int, requests: int) -> tuple[RegisterRow, ...]:
    """The opened register of November 2026, in the sequence of the calls."""
    dice = chance(seed, "calls")
    homes = [_home(dice, phone) for phone in dice.sample(range(10_000), 60)]
    # A few homes call more than once: the register counts calls, not homes.
    moments = sorted(_moment(dice) for _ in range(requests))
    return tuple(
        replace(
            dice.choice(homes),
            number=f"HL202611{n:04}",
            registered_ms=moment,
            channel=dice.choice(CHANNELS),
            kind=dice.choice(KIND),
            trade=(fault := dice.choice(FAULTS)).trade,
            fault=fault.said,
            priority=dice.choice(PRIORITY),
            first_asked=dice.choice(AGENTS),
            remark=dice.choice(REMARKS),
        )
        for n, moment in enumerate(moments, start=1)
    )


def fault_of(row: RegisterRow, dice: Random) -> Fault:
    """What a technician finds behind a caller's words."""
    same = [fault for fault in FAULTS if fault.said == row.fault]
    related = [fault for fault in FAULTS if fault.trade == row.trade]
    return (same or [dice.choice(related or list(FAULTS))])[0]


def _home(dice: Random, phone: int) -> RegisterRow:
    """Where and who: a row in which nobody has asked for anything yet."""
    return RegisterRow(
        number="",
        registered_ms=0,
        site=dice.choice(SITES),
        building=f"{dice.randint(1, 18)}栋",
        unit=f"{dice.randint(1, 3)}单元",
        room=f"{dice.randint(1, 32):02}{dice.randint(1, 4):02}",
        owner=dice.choice(SURNAMES) + dice.choice(GIVEN),
        phone=f"1700000{phone:04}",
    )


def _moment(dice: Random) -> int:
    """A minute of the month: by day mostly, sometimes at night."""
    first = datetime(2026, 11, 1, tzinfo=SHANGHAI) - datetime(1970, 1, 1, tzinfo=UTC)
    by_day = dice.random() < 0.85
    minute = dice.randint(8 * 60, 17 * 60 + 29) if by_day else dice.randrange(24 * 60)
    start_ms = first // timedelta(milliseconds=1)
    return start_ms + dice.randrange(27) * DAY + minute * MINUTE
