// Words that only the desk uses: reasons, channels, roles, devices.
//
// A code stands in facts for good: add, never rename. What tablet and desk both say is in
// `field_client/web/src/shared/`. May not enter: decisions.

import owners from "#sync/exported/owners.json" with { type: "json" };
import { N_ } from "#shared/words.ts";

type Table = Readonly<Record<string, string>>;

export const CHANNELS: Table = {
  phone: N_("来电"), visit: N_("来访"), letter: N_("来信"), mail: N_("邮件"), web: N_("网上"),
  on_site: N_("现场发现"),
};

export const ROLES: Table = {
  technician: N_("维修人员"), dispatcher: N_("调度"), engineer: N_("物业工程"),
  manager: N_("售后主管"), auditor: N_("审计"), contractor: N_("施工单位"),
  service: N_("接口程序"), administrator: N_("系统管理员"),
};

/** Why the desk does something; what it may say is listed with each action. */
export const REASONS: Table = {
  ...owners.revocations,
  owner_withdrew: N_("业主撤回报修"), duplicate: N_("重复登记"), out_of_scope: N_("不属维修范围"),
  solved: N_("业主已自行解决"), unreachable: N_("多次联系不上业主"), merged: N_("并入了别的工单"),
  done: N_("维修完成，手续齐全"), owner_agreed: N_("业主同意不再处理"),
  still_broken: N_("仍未修好"), closed_by_mistake: N_("误结案"), new_evidence: N_("收到新的记录"),
  parts: N_("等配件"), owner: N_("等业主"), approval: N_("等费用批准"),
  contractor: N_("等施工单位"), weather: N_("等天气"), ready: N_("条件已具备"),
  owner_asked: N_("业主要求"), technician_unavailable: N_("原定人员去不了"),
  closer: N_("另一人更近"), other_trade: N_("要换专业"), balance: N_("平衡工作量"),
  misheard: N_("登记时听错"), register_says: N_("按总台账更正"), priority_changed: N_("紧急程度有变"),
  lost: N_("丢失"), stolen: N_("被盗"), broken: N_("损坏"), left: N_("使用人离职"),
  replaced: N_("换新平板"),
  other: N_("其他，见说明"),
};

/** Where a notice is on its way. */
export const NOTICE_STATES: Table = {
  waiting: N_("等待发出"), sent: N_("已发出"), failed: N_("将重试"), dead: N_("未能送达"),
};

/** Ways out of the house. */
export const TARGETS: Table = {
  wecom: N_("企业微信机器人"), dingtalk: N_("钉钉机器人"), feishu: N_("飞书机器人"),
  email: N_("邮件"), sms: N_("短信"),
};

/** Whom a target is for. */
export const AUDIENCES: Table = {
  lead: N_("当日总负责人"), manager: N_("售后主管"), technician: N_("维修人员"),
  owner: N_("业主"),
};

/** Why a notice goes out. */
export const OCCASIONS: Table = {
  requested: N_("新报修"), dispatched: N_("派单通知"), assigned: N_("告诉业主谁来"),
  appointed: N_("约定上门时间"), on_the_way: N_("师傅已出发"), arrived: N_("到场"),
  accepted: N_("验收后的副本"),
  escalated: N_("超时升级"), digest: N_("汇总"),
};

/** Why a notice did not arrive. */
export const FAILURES: Table = {
  mail_not_set_up: N_("服务器没有设置发信邮箱"), recipient_refused: N_("对方邮箱不收"),
  mail_server_silent: N_("发信服务器没有应答"), address_wrong: N_("地址写得不对"),
  address_inside: N_("地址在内网，不许发"), redirected: N_("对方转去别处，不跟着走"),
  name_unknown: N_("找不到这个域名"), timed_out: N_("等太久没有应答"),
  certificate_wrong: N_("对方的安全证书不可信"), no_connection: N_("连不上对方"),
  answer_unreadable: N_("对方的回答看不懂"), robot_silent: N_("对方的回答看不懂"),
  target_not_allowed: N_("已不在允许的名单里"), no_address: N_("这个人没有登记号码或邮箱"),
  too_late: N_("说的事情已经过去"),
};

/** What traces speak of. */
export const TRACES: Table = {
  "owner.read": N_("看了业主的姓名、电话"),
};
