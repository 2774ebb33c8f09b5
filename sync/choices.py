"""What people pick from instead of typing: chips on the tablet, as they ship.

A name is what is asked; `name:trade` holds what one trade picks from, and comes before
the general list. A project's policy replaces any of them. May not enter: what a choice
leads to.
"""

from collections.abc import Mapping

from sync.words import N_


def _of(name: str, trade: str) -> str:
    """What one trade picks from, under this name."""
    return f"{name}:{trade}"


CHOICES: Mapping[str, tuple[str, ...]] = {
    "what": (
        N_("渗水"),
        N_("堵塞"),
        N_("松动"),
        N_("开裂"),
        N_("不通电"),
        N_("关不严"),
        N_("异味"),
        N_("其他"),
    ),
    "where": (
        N_("厨房"),
        N_("卫生间"),
        N_("客厅"),
        N_("主卧"),
        N_("次卧"),
        N_("阳台"),
        N_("入户门"),
        N_("其他部位"),
    ),
    "cause": (
        N_("材料老化"),
        N_("安装不当"),
        N_("接口松动"),
        N_("施工缺陷"),
        N_("使用不当"),
        N_("原因待查"),
    ),
    _of("cause", N_("给排水")): (
        N_("角阀老化"),
        N_("软管开裂"),
        N_("接头松动"),
        N_("管道堵塞"),
        N_("阀芯磨损"),
    ),
    _of("cause", N_("电气")): (
        N_("线路接触不良"),
        N_("开关损坏"),
        N_("插座损坏"),
        N_("漏电跳闸"),
        N_("线路老化"),
    ),
    _of("cause", N_("防水")): (
        N_("防水层破损"),
        N_("地漏周边渗漏"),
        N_("管根渗漏"),
        N_("外墙渗漏"),
    ),
    _of("cause", N_("门窗")): (
        N_("合页松动"),
        N_("密封条老化"),
        N_("锁体损坏"),
        N_("型材变形"),
    ),
    _of("cause", N_("暖通")): (
        N_("接口渗水"),
        N_("管路进气"),
        N_("温控失灵"),
        N_("风机异响"),
        N_("滤网堵塞"),
    ),
    _of("cause", N_("装修")): (
        N_("接缝开裂"),
        N_("空鼓"),
        N_("起皮脱落"),
        N_("五金松动"),
    ),
    "method": (
        N_("更换配件"),
        N_("紧固"),
        N_("疏通"),
        N_("重新打胶"),
        N_("修补"),
        N_("调整"),
        N_("转专业处理"),
    ),
    "remedy": (
        N_("已更换配件"),
        N_("已紧固"),
        N_("已疏通"),
        N_("已重新打胶"),
        N_("已修补"),
        N_("已调整"),
    ),
    "test": (
        N_("试水 10 分钟不漏"),
        N_("通电正常"),
        N_("开关顺畅"),
        N_("闭水 24 小时不漏"),
    ),
    "measure": (
        N_("已关总阀"),
        N_("已断电"),
        N_("已关燃气"),
        N_("已临时封堵"),
        N_("已疏散并设警示"),
    ),
    "turned_away": (
        N_("业主现在不方便"),
        N_("业主要求换人"),
        N_("业主不同意方案"),
        N_("业主已自行解决"),
    ),
    "postponed": (
        N_("业主要求改时间"),
        N_("缺配件"),
        N_("需要其他专业"),
        N_("时间不够"),
    ),
    "failed": (
        N_("还在漏"),
        N_("没有修好"),
        N_("弄脏或弄坏了"),
        N_("服务态度"),
        N_("其他原因"),
    ),
    "refused": (
        N_("业主不满意结果"),
        N_("业主不认可费用"),
        N_("业主不愿签字"),
        N_("业主已离开"),
    ),
    "present": (
        N_("客服"),
        N_("工程部"),
        N_("物业"),
        N_("施工单位"),
        N_("业主"),
    ),
}

SHOTS: Mapping[str, tuple[str, ...]] = {
    "before": (N_("门牌"), N_("损坏处"), N_("周边"), N_("铭牌")),
    "during": (N_("拆开后"), N_("隐蔽处")),
    "after": (N_("修好处"), N_("试验结果"), N_("清理后")),
}
