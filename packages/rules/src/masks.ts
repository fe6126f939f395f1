/** '张三' → '张*', '欧阳小明' → '欧***'. */
export const maskName = (name: string): string => {
  const [first = '', ...rest] = [...name]
  return first + '*'.repeat(Math.max(rest.length, 1))
}
/** '13812345678' → '138****5678'. */
export const maskPhone = (phone: string): string => phone.replace(/^(\d{3})\d+(\d{4})$/, '$1****$2')
/** '220102199001011234' → '2201**********1234'. */
export const maskIdNumber = (id: string): string =>
  id.length <= 8 ? '*'.repeat(id.length) : id.slice(0, 4) + '*'.repeat(id.length - 8) + id.slice(-4)

/** Masks what looks like a phone, ID or bank card number, an e-mail address or a number plate inside free text. */
export const maskFreeText = (text: string): string =>
  text
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '***@***')
    .replace(/(?<!\d)\d{6}(19|20)\d{2}(0\d|1[0-2])([0-2]\d|3[01])\d{3}[\dXx](?!\d)/g, maskIdNumber)
    .replace(/(?<!\d)\d{15,19}(?!\d)/g, maskIdNumber)
    .replace(/(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)/g, (found) =>
      maskPhone(found.replace(/[\s-]/g, '')),
    )
    .replace(/(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)/g, (found) => `${found.slice(0, 4)}****`)
    .replace(
      /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z0-9]{5,6}/g,
      (found) => `${found.slice(0, 2)}*****`,
    )
