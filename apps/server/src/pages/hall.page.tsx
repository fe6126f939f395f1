import { CITIZEN_STYLE, type Frame, page } from './layout.tsx'
import type { HallWindow } from './services.ts'

export interface HallPage {
  frame: Frame
  window: HallWindow
  /** The rating that waits to be given here, or null. */
  waiting: { qr: string; href: string } | null
}

/** The tablet on a window's counter, facing the citizen. */
export function hallPage({ frame, window, waiting }: HallPage): string {
  return page({
    ...frame,
    styles: [CITIZEN_STYLE],
    title: `${window.windowName} 评价`,
    chrome: 'bare',
    scripts: ['/static/hall.js'],
    body: (
      <div class="hall" data-hall>
        <header class="hall-place">
          <p>{window.hallName}</p>
          <h1>{window.windowName}</h1>
          <p>{window.staffName ? `工作人员：${window.staffName}` : '工作人员：未登记'}</p>
        </header>
        {waiting ? (
          <section class="hall-ask" data-key={waiting.href}>
            <h2>业务已办完，请您评价</h2>
            <QrCode svg={waiting.qr} label="评价二维码，用手机扫码打开评价页" />
            <p>用手机扫码，或者</p>
            <a class="button primary" href={waiting.href}>
              在这台平板上评价
            </a>
            <p class="muted">评不评价、怎么评价都由您自己决定。工作人员不应代您操作。</p>
          </section>
        ) : (
          <section class="hall-ask" data-key="">
            <h2>等待下一次服务</h2>
            <p>业务办完后，这里会出现评价二维码。</p>
          </section>
        )}
        <p class="muted" role="status" data-network />
        <noscript>
          <p>
            <a class="button" href={frame.path ?? '/'}>
              刷新
            </a>
          </p>
        </noscript>
      </div>
    ),
  })
}

/** A QR code drawn on the server; `svg` comes from the qrcode library, never from a person. */
export function QrCode({ svg, label }: { svg: string; label: string }) {
  return <div class="qr" role="img" aria-label={label} dangerouslySetInnerHTML={{ __html: svg }} />
}
