"""Every refusal, with its stable code and the sentence that says what to do.

A code is for programs and never changes its meaning; the sentence is for people.
Which HTTP status a code has is decided in `server/problems.py`, nowhere else.
May not enter: anything about HTTP, screens or logging.
"""

from collections.abc import Mapping

from sync.words import N_


class Refused(Exception):
    """No, and repeating the same thing will not help. `facts` fill the sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    @property
    def sentence(self) -> str:
        """The sentence in the source language, not yet filled."""
        return SENTENCES.get(self.code, self.code)

    def __str__(self) -> str:
        return fill(self.sentence, self.facts)


def fill(sentence: str, facts: Mapping[str, object]) -> str:
    """The sentence with these values in it; one that is missing leaves a gap."""
    return sentence.format_map(_Gaps(facts))


class _Gaps(dict[str, object]):
    """A sentence with a value missing still reads."""

    def __missing__(self, key: str) -> str:
        return "…"


SENTENCES: dict[str, str] = {
    # reading a fact
    "body_not_text": N_("记录正文不是文本，请用原样的 JSON 文本重新提交。"),
    "body_too_long": N_("记录正文超过 {limit} 字节，请把长文字分成几条记录。"),
    "body_unreadable": N_("记录正文无法读取（{why}），原样保留，请升级或联系管理员。"),
    "version_unknown": N_("不认识的格式版本 {version}，原样保留，升级后会重新处理。"),
    "kind_unknown": N_(
        "不认识的记录种类 {kind}（版本 {version}），原样保留，升级后会重新处理。"
    ),
    "field_missing": N_("缺少字段 {field}，请补上后重新提交。"),
    "field_unknown": N_("不认识的字段 {field}，请去掉，或升级后再提交。"),
    "field_misshapen": N_("字段 {field} 的格式不对，请按接口说明填写。"),
    "value_unknown": N_("字段 {field} 的取值不认识，可用：{known}。"),
    "reading_malformed": N_("时间读数 {field} 的格式不对，请按接口说明填写。"),
    "key_unreadable": N_("公钥无法读取，请提交 P-256 的 JWK 公钥。"),
    # taking facts into custody
    "private_differs": N_("私密内容与承诺不符，原样隔离，请联系管理员核对。"),
    "not_allowed": N_("该角色不能写入这种记录，原样隔离，请由有权的人补记。"),
    "stranger": N_("提交人与该工单无关，原样隔离，请联系调度核对。"),
    "not_your_name": N_("记录署名不是本设备的使用人，原样隔离，请联系管理员核对。"),
    "not_your_log": N_("记录不属于本设备的日志，原样隔离，请联系管理员核对。"),
    "device_revoked": N_(
        "本设备已被停用：只收它还没交的记录（单独隔离），不再给它看工单；请把平板交回。"
    ),
    "fact_failed": N_("处理这条记录时服务器出错，原样隔离，修复后会重新处理。"),
    # who is asking
    "credentials_missing": N_("请求没有带凭证，请先登记设备或登录。"),
    "credentials_wrong": N_(
        "凭证不对或已失效，请重新登记设备或登录；本机记录不受影响。"
    ),
    "token_unknown": N_("时间令牌已失效，请先问候（hello）再重试。"),
    "forbidden": N_("您的角色不能做这件事，请找有权的同事。"),
    "code_wrong": N_("登记码不对、已用过或已过期，请向调度要一个新码。"),
    # orders
    "not_found": N_("没有找到，请核对编号。"),
    "order_cancelled": N_("工单 {number} 已取消，不能再派；请先登记新工单。"),
    "order_accepted": N_("工单 {number} 已验收，不能再派；同一故障请登记新工单。"),
    "already_cancelled": N_("工单 {number} 已经取消。"),
    "already_closed": N_("工单 {number} 已结案；要继续处理请先重新打开。"),
    "not_closed": N_("工单 {number} 没有结案，或已并入另一工单，不能重新打开。"),
    "contradiction_open": N_("工单 {number} 的验收结论互相矛盾，请先核对再结案。"),
    "nothing_held": N_("工单 {number} 没有等待批准的费用。"),
    "merged_with_itself": N_("工单不能并入它自己，请核对编号。"),
    "already_merged": N_("工单 {number} 已与别的工单合并。"),
    "nothing_owed": N_("{device} 没有要处理的缺失或分岔。"),
    "order_not_open": N_("工单 {number} 已取消或结案，不能并入。"),
    "person_unknown": N_("没有叫 {person} 的人员，请先用 doorstep people add 登记。"),
    "person_not_technician": N_("{person} 不是维修人员，请派给维修人员。"),
    "version_changed": N_("工单刚有新变化，请看过最新内容再决定。"),
    # bytes
    "blob_digest_differs": N_("收到的内容与其指纹不符，已丢弃，请从头重传。"),
    "blob_name_malformed": N_("文件的名字不是 SHA-256（64 位小写十六进制），请核对。"),
    "blob_missing": N_("没有这个文件的内容，请核对，或请现场重新上传。"),
    "blob_length_differs": N_("收到的长度与声明的不符，已丢弃，请从头重传。"),
    "range_out_of_bounds": N_("请求的范围超出文件长度 {length}，请从头下载。"),
    "picture_not_shown": N_("这张照片无法预览（{flaw}），原文件完好保留，可直接下载。"),
    "pictures_busy": N_("正在处理别的照片，请稍后重试；本机内容不受影响。"),
    "upload_busy": N_("这个上传正在由另一个请求处理，请稍后查询位置再继续。"),
    "upload_piece_type": N_("上传内容的类型应为 application/offset+octet-stream。"),
    "tus_version_unknown": N_("请用 tus {known} 协议上传（Tus-Resumable）。"),
    "blob_too_large": N_("文件超过 {limit} 字节，请压缩后再传。"),
    "upload_offset_differs": N_("上传位置应为 {offset}，请从那里继续。"),
    "upload_quota_reached": N_(
        "本设备一周内上传已满额，请稍后再传；本机内容不受影响。"
    ),
    "upload_checksum_differs": N_("这一段内容在路上坏了，请重传这一段。"),
    "original_reserved": N_("原片带有拍摄时间或地点，请看预览图（/preview）。"),
    "storage_url_malformed": N_(
        "存储地址 {url} 不正确，请写成 file:///目录 或 s3://桶/前缀?endpoint=…。"
    ),
    "not_a_picture": N_(
        "这不是 JPEG、PNG、WebP 或 HEIC 照片，原文件已保留，请在现场重拍。"
    ),
    "too_many_bytes": N_("照片文件太大，未作检查，原文件已保留，请用较低画质重拍。"),
    "too_many_pixels": N_("照片像素太多，未作解码，原文件已保留，请用较低分辨率重拍。"),
    "too_costly": N_("照片解码耗时或占用内存异常，原文件已保留，请在现场重拍。"),
    "polyglot": N_(
        "照片里夹带了网页、压缩包、文档或程序，不予显示，原文件已保留，请重拍。"
    ),
    "truncated": N_("照片不完整，结尾缺失，原文件已保留，请在现场重拍。"),
    "unreadable": N_("照片无法解码，原文件已保留，请在现场重拍。"),
    "damaged": N_("照片部分损坏，仍可查看，建议趁在现场重拍。"),
    "animated": N_("这是动图，只显示第一帧，请改拍普通照片。"),
    "storage_unavailable": N_("存储暂时不可用，请稍后重试；本机内容不受影响。"),
    "storage_full": N_(
        "服务器存储已满，什么都没有确认；请联系管理员，本机内容不受影响。"
    ),
    # the request itself
    "request_malformed": N_("请求格式不对：{why}。"),
    "request_too_large": N_("请求超过 {limit} 字节，请分批提交。"),
    "too_many_requests": N_("请求太频繁，请稍后重试。"),
    "database_busy": N_("服务器正忙，请稍后重试；本机内容不受影响。"),
    "server_error": N_("服务器出错（{reference}），已记录；请稍后重试。"),
    # the register
    "register_column_missing": N_(
        "登记表缺少必填列：{missing}。找到的列：{found}。请补上表头后重新导入。"
    ),
    "register_column_twice": N_(
        "登记表里“{column}”这一列出现了两次，请删除或改名其中一列。"
    ),
    "register_empty": N_("“{name}”里没有内容，请检查导出的文件。"),
    "register_encoding": N_(
        "“{name}”第 {line} 行（第 {offset} 字节）既不是 UTF-8 也不是 GB18030，"
        "请另存为 UTF-8 的 CSV 后重试。"
    ),
    "register_quote_open": N_("“{name}”从第 {line} 行开始的引号没有结束，请补上引号。"),
    "register_cell_endless": N_("“{name}”第 {line} 行有一格过长，请检查引号和内容。"),
    "register_not_xlsx": N_(
        "“{name}”不是 XLSX 文件，请用表格软件另存为 .xlsx 或 .csv。"
    ),
    "register_old_excel": N_(
        "“{name}”是旧版 Excel（.xls）或加密的表格，请另存为不加密的 .xlsx。"
    ),
    "register_xlsx_broken": N_("“{name}”已损坏，无法打开（{why}），请重新导出。"),
    "register_bomb": N_(
        "“{name}”解压后超过 {limit_mb} MB 或部件过多，请只导出登记表本身。"
    ),
    "register_too_large": N_("文件超过 {limit_mb} MB，请按月分开导入。"),
    "register_too_long": N_("登记表超过 {limit} 行，请按月分开导入。"),
    "register_too_wide": N_("登记表超过 {limit} 列，请只保留需要的列。"),
    "wrong_rows_ending": N_("问题行只能写成 .csv 或 .xlsx 文件，不能写成“{found}”。"),
    # running the server
    "app_not_built": N_("平板应用还没有构建，请在源码目录运行 make web。"),
    "setting_wrong": N_("配置 {name} 不对：{why}。"),
    "policy_malformed": N_("规则数据 {field} 不对，请改正后再导入。"),
    "register_moved": N_("另一次导入正在进行，请稍后重新预览再导入。"),
    "reason_missing": N_("请写明是如何处理的。"),
    "database_unsafe": N_("数据库设置不安全：{why}。"),
    # backups
    "backup_missing": N_("没有备份 {name}，请用 doorstep backup list 核对。"),
    "backup_damaged": N_("备份 {name} 已损坏（{what}），请换一份备份。"),
    "backup_newer": N_("备份 {name} 是更新的版本做的，请升级后再恢复。"),
    "backup_source_damaged": N_(
        "现行数据库读不完整（{why}），没有做成备份，请尽快恢复。"
    ),
    "server_running": N_("服务器还在使用 {folder}，请先停止再恢复。"),
    "restore_newer": N_(
        "那里的数据有这份备份没有的记录，或读不出来。确要恢复请加 --force，"
        "原有数据会移到一旁。"
    ),
    "phrase_short": N_("口令太短，至少 {least} 个字。"),
    "phrase_wrong": N_("口令不对，或 {path} 不是密钥文件。"),
    "file_kept": N_("{path} 已存在，没有动它。"),
    # rescue bundles
    "bundle_unreadable": N_("这不是救援包，或格式不认识（{why}），请核对文件。"),
    "bundle_cut": N_("救援包不完整（第 {frame} 段），请从平板重新导出或重新拷贝。"),
    "bundle_not_ours": N_("这个救援包是给另一台服务器的，请拿到那里导入。"),
    "bundle_stranger": N_("没有叫 {device} 的平板，请核对救援包来自哪里。"),
    "bundle_unsigned": N_(
        "救援包里有 {count} 条记录没有设备签名，请由管理员在服务器上导入。"
    ),
    # the technician's client
    "not_enrolled": N_("本机还没有登记，请向调度要登记码，再用 field enroll。"),
    "already_enrolled": N_("本机已经登记过；要换人使用，请联系管理员。"),
    "code_misshapen": N_("登记码应为“十位码.十六位指纹”，请原样照抄。"),
    "server_not_the_one": N_("对方不是登记码所说的服务器，请勿继续，核对地址和网络。"),
    "no_answer": N_("没有可信的应答（{why}），本机记录不受影响，有网后再试。"),
    "shelved": N_("反复失败，先搁置；其余照传。可用 field sync --again 重试。"),
    "interrupted": N_("已中断；已存的都在，重新运行即可继续。"),
    "exchange_busy": N_("另一个程序正在交换，等它完成即可；记录照常可写。"),
    "store_unsafe": N_("{path} 不能安全写入，请换一个本机磁盘上的目录。"),
    "outbox_lost": N_(
        "本机的待交箱 {path} 不见了（日志 {log}，写到第 {n} 条，上次联系时未交 {unsent}"
        " 条）。请保留整个目录报修；要继续工作，请换一个目录重新登记。"
    ),
    "outbox_broken": N_(
        "本机的待交箱 {path} 已损坏（{why}；日志 {log}，写到第 {n} 条，上次联系时未交"
        " {unsent} 条）。请保留整个目录报修；要继续工作，请换一个目录重新登记。"
    ),
    "tablet_went_back": N_(
        "服务器知道的比本机多：本机数据被恢复过或复制过。已换新日志继续，请告知调度。"
    ),
    "layout_unknown": N_(
        "本机数据是更新的版本 {version} 写的，请升级 field；内容未动。"
    ),
    "words_too_long": N_("文字太长（最多 {limit} 字节），请分成几条记录。"),
    "owner_only": N_("只有业主能在业主页面上表态，请先把平板交给业主。"),
    "receipt_missing": N_(
        "服务器应答了却没有给收据（{why} 项）；仍在本机，会自动再传。"
    ),
    "tablet_full": N_("磁盘已满，这一条没有存下。请腾出空间后重做这一步。"),
    "tablet_nearly_full": N_("磁盘只剩 {free} MiB，留给记录和签字；请腾出空间再拍照。"),
    "order_unknown": N_("本机没有工单 {name}，请核对编号，或联网 field pull。"),
    "order_ambiguous": N_("“{name}”对得上 {count} 份工单，请多写几位编号。"),
    "document_unreadable": N_("这份工单是更新的版本（{why}），请升级 field 后再看。"),
    "no_price_list": N_("本机没有生效的价目表，请联网 field pull。"),
    "part_unknown": N_("价目表 {list} 里没有 {part}；可用 --name 和 --price 另记。"),
    "item_unknown": N_("没有事项 {item}，请先用 field item 记下。"),
    "receipt_unknown": N_("没有交接单 {receipt}，请用 field show 核对。"),
    "quote_first": N_("有业主付费的事项，请先用 field quote 报价。"),
    "agree_first": N_(
        "业主付费的项目须先报价并经业主同意（field quote、field agree）。"
    ),
    "photo_not_agreed": N_(
        "业主未同意拍照（field door）；不含人物和私人物品时加 --impersonal。"
    ),
    "not_completed": N_("还没有完工，请先用 field done。"),
    "inspect_first": N_("事项 {item} 还没有验收，请先用 field inspect。"),
    "item_failed": N_("事项 {item} 验收不合格，请用 field reject 退回整改。"),
    "nothing_failed": N_("没有不合格的事项；请先用 field inspect --fail 说明原因。"),
    "nobody_in": N_("现在没有人在用本机，请先选人并输入口令。"),
    "person_not_here": N_("{person} 没有在本机登记，请向调度要登记码。"),
    "pin_misshapen": N_("口令应为 4 到 12 位数字。"),
    "pin_wrong": N_("口令不对，请再试一次。"),
    "pin_slow": N_("口令错了多次，请等 {seconds} 秒再试。"),
    "unsent_left": N_(
        "还有 {facts} 条记录、{originals} 份原件没有交出。"
        "请先上传或导出救援包；换人使用不受影响。"
    ),
    "sheet_not_shown": N_("还没有给业主看验收单，请先用 field sheet。"),
    "sheet_changed": N_(
        "给业主看过（短码 {shown}）之后内容有变，请重新 field sheet 再签。"
    ),
    "signature_empty": N_("没有笔迹，请让业主在签字板上签名。"),
    "strokes_unreadable": N_(
        "笔迹文件读不懂：应为各笔的 [x, y, 毫秒, 压力] 整数点列。"
    ),
    "file_unreadable": N_("读不了文件 {path}（{why}），请核对路径。"),
    "file_unwritable": N_("写不了文件 {path}（{why}），请换个位置。"),
    "file_exists": N_("{path} 已存在；要覆盖请加 --yes。"),
}
