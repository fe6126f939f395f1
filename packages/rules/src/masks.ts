/** '张三' → '张*', '欧阳小明' → '欧***'. */
export const maskName = (name: string): string => {
  const [first = '', ...rest] = [...name]
  return first + '*'.repeat(Math.max(rest.length, 1))
}

/** '13812345678' → '138****5678', '0431-88776655' → '0431****'; of anything else nothing is shown. */
export const maskPhone = (phone: string): string => {
  const bare = phone.replace(/[\s-]/g, '')
  const mobile = /^(?:\+?86|0086)?(1\d{2})\d{4}(\d{4})$/.exec(bare)
  if (mobile) return `${mobile[1]}****${mobile[2]}`
  return `${/^0\d{2,3}(?=\d{7,8}$)/.exec(bare)?.[0] ?? ''}****`
}

/** '220102199001011234' → '2201**********1234'; a shorter number keeps two characters at each end, a short one none. */
export const maskIdNumber = (id: string): string => {
  const ends = id.length >= 16 ? 4 : id.length > 8 ? 2 : 0
  return id.slice(0, ends) + '*'.repeat(id.length - 2 * ends) + id.slice(id.length - ends)
}

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'
const bare = (mask: (number: string) => string) => (found: string) => mask(found.replace(/[\s-]/g, ''))

/** Masks what looks like a phone, ID or bank card number, an e-mail address or a number plate inside free text. */
export const maskFreeText = (text: string): string =>
  text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xff10 + 48))
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '***@***')
    .replace(
      /(?<!\d)\d{6}[\s-]?(19|20)\d{2}(0\d|1[0-2])([0-2]\d|3[01])[\s-]?\d{3}[\dXx](?!\d)/g,
      bare(maskIdNumber),
    )
    .replace(/(?<!\d)(?:(?:\+?86|0086)[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)/g, maskPhone)
    .replace(/(?<!\d)\d{15,19}(?!\d)/g, maskIdNumber)
    .replace(/(?<!\d)\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)/g, bare(maskIdNumber))
    .replace(/(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)/g, maskPhone)
    .replace(
      new RegExp(`[${PROVINCES}][A-Z][·\\s]?[A-Z0-9]{5,6}`, 'gi'),
      (found) => `${found.slice(0, 2)}*****`,
    )
