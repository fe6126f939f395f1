import { CITIZEN_STYLE, type Frame, page } from './layout.tsx'
import type { DemoServices } from './services.ts'

const OPEN = [
  { href: '/', label: '公开门户' },
  { href: '/organizations', label: '各机构的评价' },
  { href: '/items', label: '事项和办事指南' },
  { href: '/cases', label: '已办结差评' },
  { href: '/ledger', label: '公开账本' },
  { href: '/method', label: '指标计算方法' },
  { href: '/console/', label: '工作人员后台' },
]

/** The way in for someone who tries the system out. */
export const demoPage = (frame: Frame, demo: DemoServices): string =>
  page({
    ...frame,
    styles: [CITIZEN_STYLE],
    title: '演示入口',
    body: (
      <div class="reading">
        <h1>演示入口</h1>
        <div class="card">
          <h2>以办事人身份</h2>
          <p>系统会生成一件刚办完的业务，并打开它的评价页。</p>
          <form method="post" action="/demo">
            <button class="button primary" type="submit">
              模拟一次刚办完的业务
            </button>
          </form>
        </div>
        {demo.windows.length > 0 && (
          <div class="card">
            <h2>窗口平板</h2>
            <Links
              links={demo.windows.map((w) => ({
                href: `/hall/${w.hallCode}/${w.windowCode}`,
                label: w.label,
              }))}
            />
          </div>
        )}
        <div class="card">
          <h2>可以看什么</h2>
          <Links links={OPEN} />
        </div>
        <div class="card">
          <h2>演示账号</h2>
          <div class="table-wrap">
            <table class="stack two">
              <caption>仅演示模式可用，正式部署时不存在</caption>
              <thead>
                <tr>
                  <th scope="col">角色</th>
                  <th scope="col">姓名</th>
                  <th scope="col">账号</th>
                  <th scope="col">密码</th>
                </tr>
              </thead>
              <tbody>
                {demo.accounts.map((account) => (
                  <tr key={account.username}>
                    <td data-label="角色">{account.roleLabel}</td>
                    <td data-label="姓名">{account.displayName}</td>
                    <td class="number" data-label="账号">
                      {account.username}
                    </td>
                    <td class="number" data-label="密码">
                      {account.password}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      </div>
    ),
  })

function Links({ links }: { links: { href: string; label: string }[] }) {
  return (
    <ul class="links">
      {links.map((link) => (
        <li key={link.href}>
          <a class="links-entry" href={link.href}>
            {link.label}
          </a>
        </li>
      ))}
    </ul>
  )
}
