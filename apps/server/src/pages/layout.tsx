import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'

/** The public pages a header links to. */
const NAVIGATION = [
  { key: 'home', href: '/', label: '首页' },
  { key: 'organizations', href: '/organizations', label: '机构' },
  { key: 'items', href: '/items', label: '事项' },
  { key: 'cases', href: '/cases', label: '已办结差评' },
  { key: 'summaries', href: '/summaries', label: '通报' },
  { key: 'ledger', href: '/ledger', label: '公开账本' },
  { key: 'method', href: '/method', label: '计算方法' },
] as const

export type NavigationKey = (typeof NAVIGATION)[number]['key']

/** Style sheet of the pages with questions and receipts, beside the common ones. */
export const CITIZEN_STYLE = '/static/citizen.css'

/** What a government site must show at its foot. Whatever is unset is not shown; nothing is ever made up. */
export interface SiteIdentifiers {
  sponsor?: string
  contact?: string
  siteCode?: string
  icp?: string
  policeRecord?: string
}

/** What all pages of one request share; `frameOf` in frame.ts makes it. */
export interface Frame {
  mode: 'demo' | 'production'
  /** Name of the city, as in the header. */
  city: string
  elder: boolean
  /** Local path of this page; the large-print switch comes back to it. */
  path?: string
  site?: SiteIdentifiers
}

export interface PageOptions extends Frame {
  title: string
  body: ComponentChildren
  active?: NavigationKey
  description?: string
  /** Addresses of scripts of ours; they are deferred. */
  scripts?: string[]
  /** Addresses of further style sheets of ours. */
  styles?: string[]
  /** full: header with navigation. focus: one task, no navigation. bare: nothing but the content (hall tablet). */
  chrome?: 'full' | 'focus' | 'bare'
}

/** A whole HTML document around `body` (JSX, or text which is escaped). */
export function page(options: PageOptions): string {
  const { title, city, elder, chrome = 'full' } = options
  const html = (
    <html lang="zh-CN" class={elder ? 'elder' : undefined}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} - ${city}政务服务好差评`}</title>
        {options.description && <meta name="description" content={options.description} />}
        {/* Numbers are not telephone numbers: receipts and codes must not turn into links on phones. */}
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="data:," />
        {/* Side by side, not one importing the other: a slow line fetches them together. */}
        <link rel="stylesheet" href="/static/tokens.css" />
        <link rel="stylesheet" href="/static/style.css" />
        {options.styles?.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        {options.scripts?.map((src) => (
          <script key={src} src={src} defer />
        ))}
      </head>
      <body>
        {chrome !== 'bare' && (
          <a class="skip" href="#content">
            跳到正文
          </a>
        )}
        {options.mode === 'demo' && (
          <aside class="demo-banner" aria-label="演示说明">
            <p class="wrap">演示系统：数据均为示例，不代表真实评价</p>
          </aside>
        )}
        {chrome !== 'bare' && <Header {...options} navigation={chrome === 'full'} />}
        <main id="content" tabIndex={-1}>
          <div class="wrap">{options.body}</div>
        </main>
        {chrome !== 'bare' && <Footer {...options} />}
      </body>
    </html>
  )
  return `<!doctype html>${renderToString(html)}`
}

function Header(props: PageOptions & { navigation: boolean }) {
  return (
    <header class="site-header">
      <div class="wrap">
        <a class="site-name" href="/">
          {props.city}政务服务 <b>好差评</b>
        </a>
        <ElderSwitch elder={props.elder} path={props.path} />
        {props.navigation && (
          <nav class="site-nav" aria-label="主导航">
            <ul>
              {NAVIGATION.map((entry) => (
                <li key={entry.key}>
                  <a href={entry.href} aria-current={props.active === entry.key ? 'page' : undefined}>
                    {entry.label}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
      </div>
    </header>
  )
}

function ElderSwitch({ elder, path = '/' }: { elder: boolean; path?: string | undefined }) {
  return (
    <a class="switch" href={`/elder?on=${elder ? 0 : 1}&back=${encodeURIComponent(path)}`} rel="nofollow">
      {elder ? '切换到标准版' : '切换到大字版'}
    </a>
  )
}

function Footer({ city, site = {} }: PageOptions) {
  const identifiers = [
    site.sponsor && `主办单位：${site.sponsor}`,
    site.contact && `联系方式：${site.contact}`,
    site.siteCode && `政府网站标识码：${site.siteCode}`,
    site.icp,
    site.policeRecord,
  ].filter(Boolean)
  return (
    <footer class="site-footer">
      <div class="wrap">
        <ul>
          <li>
            <a href="/privacy">隐私说明</a>
          </li>
          <li>
            <a href="/method">指标怎么算</a>
          </li>
          <li>
            <a href="tel:12345">遇到困难请拨打 12345</a>
          </li>
        </ul>
        <p>{city}政务服务好差评：自愿评价，评价提交后任何人都不能修改或删除。</p>
        {identifiers.length > 0 && <p>{identifiers.join(' · ')}</p>}
      </div>
    </footer>
  )
}
