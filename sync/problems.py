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


# What a tablet may be told; it carries these sentences itself.
ON_TABLETS: dict[str, str] = {
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
    "already_held": N_("工单 {number} 已经挂起；要继续请先恢复。"),
    "not_held": N_("工单 {number} 没有挂起，不用恢复。"),
    "order_over": N_("工单 {number} 已取消、结案或验收，不能再改；请先重新打开。"),
    "too_many_views": N_("最多保存 {limit} 个视图，请先删除不用的。"),
    "too_many_to_export": N_("超过 {limit} 份工单，请加上筛选条件再导出。"),
    "nothing_to_correct": N_("没有要更正的内容，请至少改一项。"),
    "order_not_open": N_("工单 {number} 已取消或结案，不能并入。"),
    "person_unknown": N_("没有叫 {person} 的人员，请先用 doorstep people add 登记。"),
    "person_not_technician": N_("{person} 不是维修人员，请派给维修人员。"),
    "person_elsewhere": N_(
        "{person} 在“{project}”没有维修权限，请派给这个项目的维修人员。"
    ),
    "version_changed": N_("工单刚有新变化，请看过最新内容再决定。"),
    "cursor_unknown": N_("列表的位置已失效（权限或数据有变），请重新载入列表。"),
    "key_misshapen": N_("Idempotency-Key 应为 1 到 200 个可见字符，请换一个再试。"),
    "key_busy": N_("同一个请求正在处理，请稍候再看结果，不要重复提交。"),
    "key_reused": N_("这个 Idempotency-Key 已用于另一个请求，请换一个新的再提交。"),
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
    # erasing what is an owner's
    "erased": N_("已应业主要求删除，只留下指纹。"),
    # an evidence pack of one order
    "evidence_altered": N_("证据包不是原来的文件（{at}），请向发出的一方另要一份。"),
    # the log as evidence
    "another_history": N_(
        "服务器出示的账本与它先前签字的账本（{size} 条）对不上："
        "有记录可能被改动或删除。本机已停止与它交换，所有记录都还在本机，证据已留存；请立即联系公司负责人。"
    ),
    "log_silent": N_("服务器不再出示账本签名，无法核对；请联系管理员。"),
    # the request itself
    "request_malformed": N_("请求格式不对：{why}。"),
    "request_too_large": N_("请求超过 {limit} 字节，请分批提交。"),
    "too_many_requests": N_("请求太频繁，请稍后重试。"),
    "database_busy": N_("服务器正忙，请稍后重试；本机内容不受影响。"),
    "server_error": N_("服务器出错（{reference}），已记录；请稍后重试。"),
    # running the server
    "app_not_built": N_("平板应用还没有构建，请在源码目录运行 make web。"),
    "password_wrong": N_("账号或密码不对，请重试；忘记密码请向管理员要一次性码。"),
    "password_weak": N_(
        "密码太容易猜：至少 {letters} 个字符，不要重复同一个字，也不要含账号。"
    ),
    "login_slow": N_("错了多次，请等 {seconds} 秒再试。"),
    "openid_stale": N_("登录没有完成或隔得太久，请从登录页重新开始。"),
    "openid_failed": N_("统一登录没有成功（{why}），请重试，或用账号和密码登录。"),
    "openid_stranger": N_(
        "统一登录认得您，这里还没有对应的账号；请管理员在人员里填上您的邮箱。"
    ),
    "person_exists": N_("账号 {person} 已有人用，请换一个。"),
    "person_left": N_("{person} 已离职；要继续使用，请先改为在职。"),
    "last_administrator": N_(
        "这样就没有人能管理全部项目了，请先让另一人成为全部项目的管理员。"
    ),
    "administrator_exists": N_(
        "已经有管理员了，请由他们加人；口令忘了用 doorstep people passwd。"
    ),
    "project_exists": N_("项目 {project} 已经有了，请直接修改。"),
    "session_over": N_("登录已结束，请重新登录。"),
    "csrf_wrong": N_("这个请求不是本页面发出的，没有执行；请刷新页面后重试。"),
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
    "seed_not_empty": N_(
        "库里已有人员或工单，不写入示例数据；请换一个空的数据目录，或加 --force。"
    ),
}
# What only a desk, a terminal or a page is told.
AT_THE_DESK: dict[str, str] = {
    # the desk's lists
    "roster_changed": N_("{day} 的值班表刚被别人改过，请看过最新的再改。"),
    "changed_meanwhile": N_("刚被别人改过，请看过最新内容再改。"),
    "match_missing": N_("请带上 If-Match，写明看到的是哪一版（ETag）。"),
    "day_malformed": N_("日期 {found} 不对，请写成 2026-05-01。"),
    "trade_missing": N_("工单 {number} 没有写专业，无法核对资质；请先更正专业再派。"),
    "certificate_missing": N_(
        "{person} 没有“{what}”证书，不能派；请换人，或先登记证书。"
    ),
    "certificate_expired": N_(
        "{person} 的“{what}”证书 {number} 已于 {day} 到期，不能派；"
        "请换人，或登记新证书。"
    ),
    "certificate_not_yet": N_(
        "{person} 的“{what}”证书 {number} 从 {day} 起才有效，不能派；请换人。"
    ),
    "person_not_desk": N_("{person} 在这个项目没有受理权限，请移交给调度或客服。"),
    "request_empty": N_("请写明是哪一户或什么电话、报修什么内容。"),
    "number_misshapen": N_("编号 {found} 不对，请写登记表上的统一编号。"),
    "number_given": N_("工单已有登记编号 {number}；要改请用登记更正。"),
    "both_worked": N_(
        "编号 {number} 已另有工单，两边都已派过工或有现场记录，请人工核对后合并。"
    ),
    # a day or a month
    "statement_not_over": N_("{period} 还没有过完，不能结账；请过完之后再结。"),
    "statement_closed": N_("{period} 已经结账；要重结，请先说明原因重新打开。"),
    "statement_not_closed": N_("{period} 没有结账，不用重新打开。"),
    "statement_moved": N_("{period} 的数字刚有变化，请看过最新的数字再结账。"),
    "statement_open": N_("{period} 还有 {count} 项未了，请逐项说明原因再结账。"),
    "statement_reason_unknown": N_("“{item}”不在未了事项里，请按最新的清单说明原因。"),
    "statement_unsound": N_(
        "{period} 的数字加不起来（{figures}），不能结账；请联系管理员核对账本。"
    ),
    "statement_too_long": N_("未了事项超过 {limit} 项，请先处理一部分再结账。"),
    "figure_unknown": N_("没有叫 {figure} 的数字，请从报表里选。"),
    # the acceptance form on paper
    "not_accepted": N_("工单 {number} 还没有业主签字的验收，开不出验收单。"),
    "sheet_absent": N_(
        "工单 {number} 的验收单原件还没有传到，或已应要求删除；请等平板联网后再试。"
    ),
    "sheet_unreadable": N_(
        "验收单原件读不懂（{why}），排不成 PDF；原件完好，请升级或联系管理员。"
    ),
    "paper_busy": N_("正在生成别的验收单，请稍后再试。"),
    "paper_too_large": N_("这份验收单太大，排不成 PDF；原件完好，可逐件下载。"),
    # public pages
    "copy_unknown": N_(
        "没有这样的验收单：请核对网址、编号和短码有没有抄错，或直接扫单上的二维码。"
    ),
    "copy_not_here": N_(
        "这串代码写法正确，但服务器上还没有这张验收单。若刚刚签字，平板可能还没有联网，"
        "联网后再看；若早已签字仍看到这句话，请向物业核实，这张单可能不是本系统签发的。"
    ),
    "copy_no_pdf": N_("这不是 PDF 文件，请选择收到的那份验收单 PDF。"),
    "copy_no_digest": N_(
        "这不是完整的指纹：应为 64 位十六进制，或网址末尾的 43 位代码。"
    ),
    "owner_link_over": N_("这个链接无效、已到期或已停用；请向物业索取新的链接。"),
    "owner_word_empty": N_("什么也没有填，请选一项或写几句。"),
    "owner_asked_for_nothing": N_(
        "这份验收单没有业主签字，或已被取代，不能请业主确认。"
    ),
    "owner_phone_missing": N_("工单上没有业主的手机号，无法发送确认码；请先登记。"),
    "owner_no_way": N_("还没有设置给业主发短信的通道；请管理员在通知对象里添加短信。"),
    "owner_asked_lately": N_("刚发过确认码，请 {seconds} 秒后再试。"),
    "owner_code_wrong": N_("确认码不对，还可以试 {left} 次；请核对最近一条短信。"),
    "owner_code_over": N_(
        "确认码已失效（过期、用过、错了太多次，或验收单已有新版本）；请让物业重新发送。"
    ),
    "owner_disputed_already": N_("已经收到您对这份验收单的异议，物业正在处理。"),
    "certificate_unknown": N_("这份工单没有指纹为 {sheet} 的验收单，请核对。"),
    "certificate_revoked": N_("这份验收单已经撤销过。"),
    # erasing what is an owner's
    "erasure_held": N_("这张工单已经暂缓抹去；要改期限，请先解除（privacy release）。"),
    "erasure_not_held": N_("这张工单没有暂缓抹去，不用解除。"),
    # an evidence pack of one order
    "evidence_too_large": N_("证据太多，装不进一个文件；原件可逐件下载。"),
    "disclosure_reserved": N_("您无权查看业主的个人信息；不公开它们也可以开具证据包。"),
    # the central service log
    "reconcile_overtaken": N_("另一次对账已经开始，这一次不再继续；请等它完成。"),
    "differences_mixed": N_("一次只能处理同一种原因的差异；请按原因筛选后再批量处理。"),
    "choice_unfit": N_("这种差异（{difference}）不能这样处理，请改选别的办法。"),
    "reason_unfit": N_("理由“{reason}”不属于这种处理，请从所列理由中选择。"),
    "words_missing": N_("选了“其他”就要写明说明。"),
    "difference_settled": N_("{number} 的这条差异已有裁定；要改，请先撤销。"),
    "difference_open": N_("{number} 的这条差异没有裁定，不用撤销。"),
    "difference_over": N_("{number} 的这条差异已经不在了：有一边变了。请刷新列表。"),
    "difference_without_order": N_("{number} 没有工单，无从更正；请先导入受理。"),
    "settlement_overtaken": N_("{number} 的同一差异后来另有裁定，请先撤销后来的。"),
    "settlement_in_statement": N_(
        "这条差异已计入 {period} 的结账，不能撤销；请先重新打开那次结账。"
    ),
    "mapping_unknown": N_("列对照里的“{found}”不是登记表的列名，请核对列名。"),
    "mapping_missing": N_("没有叫“{name}”的列对照，请先保存（--map 甲=乙）。"),
    "mapping_malformed": N_("列对照“{found}”不对，请写成 他们的列名=我们的列名。"),
    "rows_empty": N_("没有要导入的行，请核对内容。"),
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
    # telling people outside
    "target_address_wrong": N_(
        "这个地址不能用来发通知（{why}），请填写 https 地址、邮箱或手机号。"
    ),
    "targets_full": N_("通知对象已有 {most} 个，请先去掉不用的。"),
    "notice_not_dead": N_(
        "这条通知还在发送或已经送达，不用再发；只有未送达的可以重发。"
    ),
}
SENTENCES: dict[str, str] = {**ON_TABLETS, **AT_THE_DESK}
