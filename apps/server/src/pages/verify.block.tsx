import type { ReceiptView } from './services.ts'

/** 核验我的评价: the browser itself checks that the public log holds this rating as it was given. */
export function VerifyBlock({
  token,
  receipt,
  again,
}: {
  token: string
  receipt: Pick<ReceiptView, 'position' | 'receiptNumber' | 'level' | 'hallLevel'>
  /** Address of this page, with the way back to the tablet where there is one. */
  again: string
}) {
  if (receipt.position === null)
    return (
      <section class="card">
        <h2>核验我的评价</h2>
        <p>这次评价正在写入公开账本，通常只要几秒，写入后就可以在这里核验。</p>
        <p>
          <a class="button" href={again}>
            刷新本页
          </a>
        </p>
      </section>
    )
  return (
    <section
      class="card"
      data-verify={token}
      data-receipt={receipt.receiptNumber}
      data-level={receipt.level}
      data-hall-level={receipt.hallLevel ?? ''}
    >
      <h2>核验我的评价</h2>
      <p>
        这次评价已写入公开账本第 <b class="number">{receipt.position + 1}</b>{' '}
        条。账本只能增加，改动或删除任何一条都会被查出来。您可以让自己的手机或电脑算一遍，看它是否原样在账本里。
      </p>
      <p>
        <button class="button" type="button" hidden data-verify-start>
          开始核验
        </button>
      </p>
      <div role="status">
        <ol class="verify-steps" data-verify-steps />
      </div>
      <details>
        <summary>不用脚本，自己核验</summary>
        <p>
          下载
          <a href={`/api/v1/receipts/${token}/proof`}>证明文件</a>
          （账本记录、位置、证明路径和签名的检查点），按<a href="/ledger">公开账本</a>
          页上的方法，用任何支持国密 SM2、SM3 的工具计算。
        </p>
      </details>
    </section>
  )
}
