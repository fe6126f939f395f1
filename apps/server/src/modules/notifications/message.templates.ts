import type { Medium } from './notifications.port.ts'

/** What words are made for: the media that leave the house, and the inbox of the console. */
export type TemplateMedium = Medium | 'inbox'

/** The words of one message in one medium. Placeholders stand in braces: {item}. */
export interface TemplateWords {
  /** subject of an e-mail, heading of an inbox notice; '' elsewhere */
  title: string
  body: string
}

/** A purpose that has words of its own. */
export interface TemplateDefinition {
  label: string
  audience: 'citizen' | 'official'
  /** what may stand in it, with a sample for the preview */
  placeholders: Readonly<Record<string, { label: string; sample: string }>>
  words: Partial<Record<TemplateMedium, TemplateWords>>
}

const ORGANIZATION = { label: '办理单位', sample: '南关区人力资源和社会保障局' }
const ITEM = { label: '事项', sample: '失业登记' }
const LINK = { label: '进度页的专用链接', sample: 'https://hcp.example.gov.cn/p/…' }
const ANSWER = { label: '回复说明（短信网关能收回复时才有）', sample: '解决了回复1，没有解决回复2。' }
const OPT_OUT = { label: '退订说明（短信网关能收回复时才有）', sample: '拒收请回复TD' }
const CASE = { label: '差评件编号', sample: 'CP20261124-7K3QX9WD' }
const CLOCK = { label: '期限名称', sample: '签收期限' }
const MONTH = { label: '月份', sample: '2026年10月' }
const MARK = { label: '到了期限的几成', sample: '80%' }

const citizen = (
  label: string,
  title: string,
  sentence: string,
  result: string,
  asks = false,
): TemplateDefinition => ({
  label,
  audience: 'citizen',
  placeholders: {
    organization: ORGANIZATION,
    item: ITEM,
    link: LINK,
    ...(asks && { answer: ANSWER }),
    optOut: OPT_OUT,
  },
  words: {
    sms: { title: '', body: `${sentence}{link} ${asks ? '{answer}' : ''}{optOut}` },
    email: {
      title,
      body: `您好：\n\n${sentence}\n{link}\n\n打开这个链接就能看到您的评价，请不要转发给别人。不想再收到这类邮件，可以在页面上关闭。`,
    },
    wechat: { title: '', body: `thing1={item}\nthing2={organization}\nphrase3=${result}` },
  },
})
const inbox = (
  label: string,
  title: string,
  body: string,
  more: TemplateDefinition['placeholders'] = {},
): TemplateDefinition => ({
  label,
  audience: 'official',
  placeholders: { case: CASE, item: ITEM, organization: ORGANIZATION, ...more },
  words: { inbox: { title, body } },
})

/** Every purpose there is and the words it starts with. Changed words are rows of message_template. */
export const TEMPLATES = {
  case_reply: citizen(
    '差评答复通知',
    '您的评价有了答复',
    '{organization}已答复您对“{item}”的评价。查看答复并告诉我们是否解决：',
    '已答复',
    true,
  ),
  case_reminder: citizen(
    '满意度测评提醒',
    '您的问题解决了吗',
    '{organization}几天前答复了您对“{item}”的评价。您的问题解决了吗？点开就能回答，这是最后一次提醒：',
    '待评价',
    true,
  ),
  case_question: citizen(
    '请评价人补充情况',
    '想请您补充一点情况',
    '{organization}正在核实您对“{item}”的评价，想请您补充一点情况：',
    '待补充',
  ),
  appeal_filed: citizen(
    '申诉告知',
    '您的评价被提出申诉',
    '您对“{item}”的评价被提出申诉，上级部门作出决定以前，您可以说明情况：',
    '待说明',
  ),
  appeal_decided: citizen(
    '申诉决定告知',
    '申诉已有决定',
    '针对您对“{item}”评价的申诉已有决定，请查看决定和理由。决定改变了您的评价的，您可以在期限内申请复核一次：',
    '已决定',
  ),
  appeal_reexamination_filed: citizen(
    '申请复核告知',
    '申诉决定被申请复核',
    '对“{item}”评价的申诉决定被申请复核，市级主管部门作出最终决定以前，您可以说明情况：',
    '待说明',
  ),
  appeal_reexamined: citizen(
    '复核决定告知',
    '复核已有最终决定',
    '针对您对“{item}”评价的复核已有最终决定，请查看决定和理由：',
    '已复核',
  ),
  appeal_withdrawn: citizen(
    '申诉撤回告知',
    '针对您评价的申诉已撤回',
    '针对您对“{item}”评价的申诉已撤回，您的评价照常计入，不需要您做什么：',
    '已撤回',
  ),
  official_notice: {
    label: '工作人员邮件提醒',
    audience: 'official',
    placeholders: {
      title: { label: '提醒标题', sample: '新的差评件：失业登记' },
      body: { label: '提醒内容', sample: 'CP20261124-7K3QX9WD 已转到您的单位，请按时签收。' },
      link: { label: '管理端链接', sample: 'https://hcp.example.gov.cn/console/…' },
    },
    words: {
      email: { title: '{title}', body: '{body}\n\n{link}\n\n不想再收到邮件，可以在管理端的消息页关闭。' },
    },
  },
  inbox_opened: inbox(
    '新差评件',
    '新的差评件：{item}',
    '{case} 已转到{organization}，请按时签收并指定核实人。',
  ),
  inbox_again: inbox(
    '差评件重新办理',
    '重新办理：{item}',
    '{case} 没有解决，由{organization}重新办理，请按时签收。',
  ),
  inbox_moved: inbox('差评件已改派', '已改派：{item}', '{case} 改由{organization}办理，您的单位不再办理。'),
  inbox_to_review: inbox(
    '差评件待上级复核',
    '评价人不认可：{item}',
    '{case}（{organization}）办结后评价人不认可或被抽查退回，请复核并决定如何重新办理。',
  ),
  inbox_warned: inbox(
    '期限预警',
    '{clock}已到{mark}：{item}',
    '{case}（{organization}）的{clock}已用去{mark}，请抓紧办理。',
    {
      clock: CLOCK,
      mark: MARK,
    },
  ),
  inbox_escalated: inbox(
    '超期升级',
    '{clock}已超期：{item}',
    '{case}（{organization}）的{clock}已过，仍未办理，请督促。',
    {
      clock: CLOCK,
    },
  ),
  inbox_rejection: inbox(
    '不予采纳待确认',
    '不予采纳待确认：{item}',
    '{organization}提出 {case} 不予采纳，请审核佐证并作出决定。',
  ),
  inbox_transfer: inbox(
    '改派申请',
    '申请改派：{item}',
    '{organization}申请把 {case} 改派给其他单位，请决定是否同意。',
  ),
  inbox_extension: inbox(
    '延期申请',
    '申请延期：{item}',
    '{organization}申请延长 {case} 的整改期限，请决定是否同意。',
  ),
  inbox_decided: inbox(
    '申请已有决定',
    '申请已有决定：{item}',
    '上级对 {case} 的申请作出了决定，请查看并继续办理。',
  ),
  inbox_co_handler: inbox(
    '协办任务',
    '请协办：{item}',
    '{case} 由{organization}主办，请您的单位协办并报送情况。',
  ),
  inbox_co_reported: inbox('协办已报送', '协办已报送：{item}', '{case} 的协办单位报送了情况，请查看。'),
  inbox_co_removed: inbox('协办已取消', '不再协办：{item}', '{case} 已取消您的单位的协办，不用再报送情况。'),
  inbox_supplied: inbox(
    '评价人已补充',
    '评价人已补充：{item}',
    '{case} 的评价人补充了情况，整改期限继续计算。',
  ),
  inbox_ordered: inbox('督办单', '收到督办：{item}', '上级就 {case} 发出督办，请按期限办理并回复。'),
  inbox_retaliation: inbox(
    '打击报复反映',
    '收到打击报复反映',
    '有评价人反映因评价受到打击报复。这件反映只报送市级主管部门，办理单位和区县都看不到。请尽快查看并答复，注意保密。',
  ),
  inbox_order_answered: inbox(
    '督办已回复',
    '督办已回复：{item}',
    '{organization}回复了 {case} 的督办，请审核。',
  ),
  inbox_order_settled: inbox('督办有结果', '督办有结果：{item}', '{case} 的督办单有了结果，请查看。'),
  inbox_summary_drafted: inbox(
    '通报草稿',
    '{month}通报草稿已生成：{organization}',
    '{organization}{month}的评价和差评办理情况通报草稿已生成，请预览；由市级一人审核、另一人发布。',
    { month: MONTH },
  ),
  inbox_summary_approved: inbox(
    '通报待发布',
    '{month}通报待发布：{organization}',
    '{organization}{month}的通报已审核通过，请由审核人以外的同事发布。',
    { month: MONTH },
  ),
  inbox_summary_reminded: inbox(
    '通报到期未发布',
    '{month}通报到期未发布：{organization}',
    '{organization}{month}的通报已到公布日期，还没有发布，请尽快审核、发布。',
    { month: MONTH },
  ),
  inbox_appeal_filed: inbox(
    '申诉待决定',
    '申诉待决定：{item}',
    '{organization}对 {case} 提出申诉，请在期限内作出决定。',
  ),
  inbox_appeal_answered: inbox(
    '评价人已说明',
    '评价人对申诉作了说明：{item}',
    '{case} 的评价人对申诉作了说明，请一并考虑。',
  ),
  inbox_appeal_decided: inbox(
    '申诉已决定',
    '申诉已决定：{item}',
    '{case} 的申诉有了决定。如不服，可在期限内申请复核一次。',
  ),
  inbox_appeal_reexamined: inbox('复核已决定', '复核已决定：{item}', '{case} 的复核有了决定，为最终结果。'),
} as const satisfies Record<string, TemplateDefinition>

export type TemplateKey = keyof typeof TEMPLATES
export const isTemplateKey = (text: string): text is TemplateKey => Object.hasOwn(TEMPLATES, text)
export const definitionOf = (key: TemplateKey): TemplateDefinition => TEMPLATES[key]

const PLACEHOLDER = /\{(\w*)\}/g

/** The words with what is known filled in; what is not stays in its braces. */
export const filled = (text: string, params: Readonly<Record<string, string>>): string =>
  text.replace(PLACEHOLDER, (all, name: string) => (Object.hasOwn(params, name) ? (params[name] ?? '') : all))

/** The same with the samples, for a preview. */
export const preview = (key: TemplateKey, words: TemplateWords): TemplateWords => {
  const samples = Object.fromEntries(
    Object.entries(definitionOf(key).placeholders).map(([name, { sample }]) => [name, sample]),
  )
  return { title: filled(words.title, samples), body: filled(words.body, samples) }
}

/** The longest text message: three parts of 67 characters. */
const SMS_MAX = 200

/** Why words cannot be used, one error a field; empty when they can. */
export function problemsOf(
  key: TemplateKey,
  medium: TemplateMedium,
  words: TemplateWords,
): { field: 'title' | 'body'; message: string }[] {
  const { placeholders, audience } = definitionOf(key)
  const problems: { field: 'title' | 'body'; message: string }[] = []
  const add = (field: 'title' | 'body', message: string) => problems.push({ field, message })
  for (const field of ['title', 'body'] as const)
    for (const [all, name = ''] of words[field].matchAll(PLACEHOLDER))
      if (!Object.hasOwn(placeholders, name))
        add(
          field,
          `没有占位符“${all}”，可以用：${Object.keys(placeholders)
            .map((p) => `{${p}}`)
            .join('、')}。`,
        )
  if (words.body.trim() === '') add('body', '请填写内容。')
  if ((medium === 'email' || medium === 'inbox') && words.title.trim() === '') add('title', '请填写标题。')
  if (words.title.includes('\n') || words.title.includes('{link}'))
    add('title', '标题只能是一行，且不含链接。')
  if (audience === 'citizen' && medium !== 'wechat' && !words.body.includes('{link}'))
    add('body', '内容应包含 {link}：没有链接，评价人无法查看和回答。')
  if (medium === 'sms' && [...preview(key, words).body].length > SMS_MAX)
    add('body', `短信最多 ${SMS_MAX} 字。`)
  if (medium === 'wechat')
    for (const line of words.body.split('\n').filter((one) => one.trim() !== ''))
      if (!/^[a-z_]+\d+=.+$/.test(line.trim()))
        add('body', `“${line.trim()}”应写成“关键词=内容”，一行一个，如 thing1={item}。`)
  return problems
}
