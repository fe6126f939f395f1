import type { PublicationService } from '../../modules/publication/publication.service.ts'
import { type Frame, page } from '../layout.tsx'
import { number } from './format.ts'
import { PORTAL_STYLE, Scroll } from './parts.tsx'

interface View {
  formulas: ReturnType<PublicationService['formulas']>
  policies: Awaited<ReturnType<PublicationService['policies']>>
  k: number
  rankingMinimum: number
}

const UNITS: Record<string, string> = {
  working_day: '个工作日',
  calendar_day: '个自然日',
  character: '字',
  evaluation: '条评价',
  minute: '分钟',
  second: '秒',
  attempt: '次',
}

/** What each index is divided by, in words: a share says nothing without it. */
const DENOMINATORS: Record<string, string> = {
  positive_rate: '有效评价数：五个等级的评价之和，不含经确认不予采纳的。',
  satisfied_rate: '同上。',
  negative_rate: '同上。好评率与差评率之和为 100%。',
  average_score: '同上。满分 10 分，最低 2 分。',
  active_rate:
    '可评价的服务次数：现场办理每次服务算一次（一次一评），线上办理每个办件算一次（一事一评）。分子是其中已有评价的次数，按服务当天归入时段，所以不会超过 100%。没有评价的不算好评，也不算差评。',
  rectification_rate:
    '时段内的评价、投诉和意见建议所产生、没有被确认为不予采纳的差评件。评价人说没有解决的，重新答复以前不算已整改。',
  on_time_rate: '其中已整改并答复的差评件。任何一个环节超过期限的，即使后来办完，也不算按期。',
  call_back_rate:
    '按人数计算：差评件的每一位实名评价人和反映人，不含声明不希望被联系的；同一件里同一电话的算一人。应为 100%。',
}

/** Columns of the files of figures, in words. */
const DATA_COLUMNS: [string, string][] = [
  ['visits', '可评价的服务次数'],
  ['evaluations', '有效评价数；评价太少的写“少于 5”一类的字或“不单独公布”'],
  ['level_5 至 level_1', '非常满意、满意、基本满意、不满意、非常不满意各有多少条'],
  ['not_adopted', '经确认不予采纳、不计入的评价'],
  ['negative', '差评数，即 level_2 与 level_1 之和'],
  ['positive_rate、active_rate', '好评率、主动评价率，0 至 1 的小数'],
  ['cases_opened', '产生的差评件'],
  ['cases_overdue_now', '其中目前超期未办结的'],
  ['on_time_rate', '按期整改率，0 至 1 的小数'],
  ['appeals_filed、appeals_decided', '提出的申诉、已决定的申诉'],
  ['appeals_overturned、overturn_rate', '改判的申诉、改判率（0 至 1 的小数）'],
  ['suppressed', 'true 表示评价太少、不公布细目，这一行其余各列为空'],
]

/** How every figure is made, what is left out, and by which numbers. */
export function methodPage(frame: Frame, { formulas, policies, k, rankingMinimum }: View): string {
  return page({
    ...frame,
    title: '计算方法',
    active: 'method',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <h1>指标怎么算</h1>
        <p class="lead">
          本站和政府内部使用的统计出自同一份数据：公开账本中已封存的记录。任何人都可以按下面的办法重新计算和比对。
        </p>
        <h2>每项指标</h2>
        <Scroll label="指标的算法">
          <table class="prose stack one">
            <caption>指标、公式和分母</caption>
            <thead>
              <tr>
                <th scope="col">指标</th>
                <th scope="col">公式</th>
                <th scope="col">分母是什么</th>
              </tr>
            </thead>
            <tbody>
              {formulas.map(({ key, name, formula }) => (
                <tr key={key} id={key}>
                  <th scope="row">{name}</th>
                  <td data-label="公式">{formula}</td>
                  <td data-label="分母是什么">{DENOMINATORS[key]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
        <h2>哪些计入，哪些不计入</h2>
        <ul>
          <li>
            评价分五级：非常满意、满意、基本满意、不满意、非常不满意。前三级为好评，后两级为差评。现场评价分别评大厅服务和事项办理，好评率等按事项办理计算，大厅服务另列；任何一项是差评都产生差评件。
          </li>
          <li>评价完全自愿，没有默认好评：没有评价的服务不计入好评率，只影响主动评价率的分母。</li>
          <li>
            评价提交后不能修改、不能删除。经核实属于误评或恶意差评的，由办理单位提出、同级政务服务管理机构确认后不予采纳：退出各项比率，但原评价仍在账本中，并按理由公开计数。办理中确认的，此后不再重新计入，只有申诉的决定可以改变。
          </li>
          <li>
            经申诉认定为误评或恶意差评的同样退出；认定“个人不担责”的，只退出该工作人员的统计，仍计入单位。统计从决定作出时起改变，复核改变决定的，统计随之改回；原评价始终保留。
          </li>
          <li>
            评价按提交的日期（北京时间）归入时段；它产生的差评件随评价归入同一天。投诉和意见建议产生的差评件按收到的日期归入，不影响好评率。
          </li>
          <li>“目前办理中”和“目前超期”是此刻的数字，不限于所选时段。</li>
        </ul>
        <h2 id="appeals">申诉和改判率</h2>
        <p>
          被评价的单位或工作人员可以在规定期限内申诉；主张误评、恶意差评的必须举证。申诉由上一级主管部门决定，申诉单位的人员、被评价人、核实和办理过这件差评的人都不参加审理，评价人说明情况或者说明期满以前不能决定。任何一方不服，可以请市级主管部门另派人员复核一次，复核为最终决定。
        </p>
        <p>
          改判率 = 改判的申诉 ÷
          已决定的申诉。决定不是“维持原评价”的都算改判，包括误评、恶意差评和个人不担责；经过复核的，以复核决定为准；撤回的申诉不算已决定。申诉随它所针对的评价归入同一天和同一地区。已决定的申诉少于{' '}
          <b>{number(k)}</b> 件的地区不公布。
        </p>
        <h2>排名</h2>
        <p>
          按好评率的 95% 置信区间下限（Wilson
          方法，即表中的“排名依据”）从高到低排列：评价越少，下限越低，所以三条好评排不到三千条之前。有效评价不足{' '}
          <b>{number(rankingMinimum)}</b> 条的不参与排名。
        </p>
        <h2>评价太少的不公布</h2>
        <p>
          为避免从数字认出某一位评价人，有效评价少于 <b>{number(k)}</b> 条的分组不公布细目，显示“少于 {k}
          ”。同一合计下只有一个分组被隐藏时，再隐藏最小的一个（显示“不单独公布”），防止用合计倒推。开放数据使用同样的规则。时段只能选固定的几种，也是这个原因。
        </p>
        <h2>差评件公开什么</h2>
        <p>
          差评件办结后公开：评价等级和选项（由投诉、意见建议产生的，公开来源）、办理单位、事项、核实和整改情况、答复、结果、是否超期。评价人的身份和原话、回访记录、佐证材料不公开；公开文字中的姓名、电话、证件号码已遮盖。
        </p>
        <h2>现行时限和参数</h2>
        <Scroll label="现行时限和参数">
          <table class="prose stack one">
            <caption>现行时限和参数（全市）</caption>
            <thead>
              <tr>
                <th scope="col">名称</th>
                <th scope="col">数值</th>
                <th scope="col">来源</th>
              </tr>
            </thead>
            <tbody>
              {policies.map((policy) => (
                <tr key={policy.key}>
                  <th scope="row">{policy.label}</th>
                  <td data-label="数值">
                    {policy.value} {UNITS[policy.unit] ?? policy.unit}
                  </td>
                  <td data-label="来源">{policy.source || '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
        <h2>开放数据</h2>
        <Scroll label="数据文件的列">
          <table class="prose stack one">
            <caption>数据文件（CSV）的列</caption>
            <thead>
              <tr>
                <th scope="col">列名</th>
                <th scope="col">含义</th>
              </tr>
            </thead>
            <tbody>
              {DATA_COLUMNS.map(([name, meaning]) => (
                <tr key={name}>
                  <th scope="row">
                    <code>{name}</code>
                  </th>
                  <td>{meaning}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
        <p>
          数据下载：<a href="/open-data/summary.json">总体情况（JSON）</a>、
          <a href="/open-data/daily.csv">逐日数据（CSV）</a>、
          <a href="/open-data/organizations.csv">各机构数据（CSV）</a>、
          <a href="/open-data/appeals.csv">各地申诉和改判（CSV）</a>。
        </p>
      </div>
    ),
  })
}
