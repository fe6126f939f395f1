import type { LedgerService } from '../../modules/ledger/ledger.service.ts'
import { showDateTime } from '../../platform/time.ts'
import { type Frame, page } from '../layout.tsx'
import { number } from './format.ts'
import { PORTAL_STYLE, Scroll } from './parts.tsx'

type Checkpoint = NonNullable<Awaited<ReturnType<LedgerService['latest']>>>

/** The transparency log: what it is, how it stands, how anybody checks it. */
export function ledgerPage(
  frame: Frame,
  { latest, recent }: { latest: Checkpoint | null; recent: Checkpoint[] },
): string {
  return page({
    ...frame,
    title: '公开账本',
    active: 'ledger',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <h1>公开账本</h1>
        <p class="lead">
          每一条评价、每一次办理都记入一本只能增加、不能改动的账。谁改了、删了任何一条，都会被查出来。
        </p>
        <h2>它是什么</h2>
        <p>
          系统给每条记录算一个“指纹”（国密 SM3
          摘要），按先后次序连起来，再算出一个总指纹（树根），并签上名（国密
          SM2），称为“检查点”。只要有人保存过一个检查点，之前的记录就再也不能悄悄改：改动任何一个字，总指纹都会不同。账本里没有姓名、电话、评价原话，只有由它们算出、推不回原文的校验值，所以公开账本不会泄露个人信息。
        </p>
        <h2>最新检查点</h2>
        {latest ? (
          <div class="card">
            <dl class="facts checkpoint">
              {[
                ['记录总数', number(latest.size)],
                ['签发时间', showDateTime(new Date(latest.issuedAt))],
                ['账本名称', latest.origin],
                ['树根', latest.root],
                ['签名', latest.signature],
                ['公钥编号', latest.keyId],
                ['公钥', latest.publicKey],
              ].map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd class="number">{value}</dd>
                </div>
              ))}
            </dl>
          </div>
        ) : (
          <p class="notice">账本中还没有记录。</p>
        )}
        <h2>怎么核对我的评价</h2>
        <ol>
          <li>打开评价后得到的回执（扫回执上的二维码，或打开您收藏的那一页）。</li>
          <li>
            点“开始核验”：您自己的手机或电脑会重新计算指纹，一步步算到总指纹（树根），再核对检查点的签名。计算在您的设备上完成，不需要相信我们的服务器。
          </li>
          <li>想自己计算的，可在回执页下载证明文件，用任何支持 SM2、SM3 的工具核对。</li>
        </ol>
        <h2>怎么监督整本账</h2>
        <p>
          定期保存本页的检查点，以后用“一致性证明”核对：新账本是不是在旧账本后面只增不改。记者、学者和任何人都可以这样做。
        </p>
        <ul>
          <li>
            <a href="/api/v1/ledger/checkpoint">最新检查点（JSON）</a>
          </li>
          <li>
            <a href="/api/v1/ledger/checkpoints">近期检查点（JSON）</a>
          </li>
          <li>
            {latest && latest.size > 1 ? (
              <a href={`/api/v1/ledger/consistency?from=1&to=${latest.size}`}>
                从第 1 条到第 {number(latest.size)} 条的一致性证明（JSON）
              </a>
            ) : (
              '一致性证明：/api/v1/ledger/consistency?from=旧记录数&to=新记录数'
            )}
          </li>
          <li>
            <a href="/openapi.json">接口说明（OpenAPI）</a>
          </li>
        </ul>
        {recent.length > 0 && (
          <>
            <h2>近期检查点</h2>
            <Scroll label="近期检查点">
              <table class="prose stack two">
                <caption>近期检查点（最新的在前）</caption>
                <thead>
                  <tr>
                    <th scope="col" class="figure">
                      记录总数
                    </th>
                    <th scope="col">签发时间</th>
                    <th scope="col">公钥编号</th>
                    <th scope="col">树根</th>
                  </tr>
                </thead>
                <tbody>
                  {recent.map((c) => (
                    <tr key={c.size}>
                      <th scope="row" class="figure" data-label="记录总数">
                        {number(c.size)}
                      </th>
                      <td class="when" data-label="签发时间">
                        {showDateTime(new Date(c.issuedAt))}
                      </td>
                      <td class="number" data-label="公钥编号">
                        {c.keyId}
                      </td>
                      <td class="number whole" data-label="树根">
                        {c.root}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          </>
        )}
      </div>
    ),
  })
}
