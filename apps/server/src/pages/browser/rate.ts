/**
 * What a script adds to the rate and receipt pages: a count of characters, a visible answer to the press on
 * "submit", the clock of the hall tablet, the checker's loader. All of it works without. Nothing is stored.
 */

function countCharacters(area: HTMLTextAreaElement): void {
  const count = area.parentElement?.querySelector<HTMLElement>('[data-count]')
  const maximum = Number(area.getAttribute('data-maximum'))
  if (!count || !maximum) return
  const show = () => {
    const length = Array.from(area.value).length
    const over = length > maximum
    count.textContent = over
      ? `超出 ${length - maximum} 字`
      : length > 0
        ? `还可写 ${maximum - length} 字`
        : ''
    count.className = over ? 'hint count over' : 'hint count'
  }
  area.addEventListener('input', show)
  show()
}

function submitOnce(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]')
  const status = form.querySelector('[data-status]')
  if (!button) return
  const label = button.textContent
  let sending = false
  form.addEventListener('submit', (event) => {
    if (sending) return event.preventDefault()
    sending = true
    // A form shown again after an error is the answer to a POST: "back" from the receipt would end on the browser's
    // own error page. As a plain address it ends on a page of ours.
    history.replaceState(null, '', location.href.replace(/\/(survey|follow-up|supply)$/, ''))
    button.setAttribute('aria-disabled', 'true')
    button.textContent = button.getAttribute('data-busy')
    if (status) status.textContent = button.getAttribute('data-busy')
  })
  // Coming back with the browser's "back" must find a form that can be sent.
  window.addEventListener('pageshow', () => {
    sending = false
    button.removeAttribute('aria-disabled')
    button.textContent = label
    if (status) status.textContent = ''
  })
}

/** Seconds of stillness after which the tablet forgets, and for how many of them it says so. */
const IDLE = 90
const WARN = 30

function forgetWhenIdle(place: HTMLElement): void {
  const home = place.getAttribute('data-home')
  const notice = document.querySelector<HTMLElement>('[data-idle]')
  const text = document.querySelector('[data-idle-text]')
  if (!home || !notice || !text) return
  const always = !notice.hidden
  let last = Date.now()
  const stir = () => {
    last = Date.now()
  }
  for (const kind of ['touchstart', 'mousedown', 'keydown', 'input', 'scroll'])
    document.addEventListener(kind, stir, { passive: true })
  setInterval(() => {
    const left = IDLE - Math.floor((Date.now() - last) / 1000)
    notice.hidden = !always && left > WARN
    text.textContent = left <= WARN ? `${Math.max(left, 0)} 秒后清除内容并返回。碰一下屏幕可继续。` : ''
    if (left <= 0) {
      for (const form of Array.from(document.forms)) form.reset()
      location.replace(home)
    }
  }, 1000)
}

function loadCheckerOnDemand(block: HTMLElement): void {
  const button = block.querySelector<HTMLButtonElement>('[data-verify-start]')
  if (!button) return
  button.hidden = false
  // verify.js does not even parse without BigInt, so this must be said before it is loaded.
  if (typeof BigInt === 'undefined') {
    button.setAttribute('aria-disabled', 'true')
    button.textContent = '这个浏览器太旧，不能核验，请换一台设备'
    return
  }
  let loading = false
  button.addEventListener('click', () => {
    if (loading) return
    loading = true
    button.setAttribute('aria-disabled', 'true')
    button.textContent = '正在核验……'
    const script = document.createElement('script')
    script.src = '/static/verify.js'
    script.onerror = () => {
      loading = false
      button.removeAttribute('aria-disabled')
      button.textContent = '核验程序没有下载成功，点这里重试'
    }
    document.head.appendChild(script)
  })
}

const each = <E extends HTMLElement>(selector: string, work: (element: E) => void) =>
  Array.from(document.querySelectorAll<E>(selector)).forEach(work)

each('textarea[data-maximum]', countCharacters)
each('form[data-rate]', submitOnce)
each('[data-home]', forgetWhenIdle)
each('[data-verify]', loadCheckerOnDemand)
document.querySelector<HTMLElement>('[data-errors]')?.focus()

export {}
