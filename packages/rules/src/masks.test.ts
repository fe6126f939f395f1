import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskFreeText, maskIdNumber, maskName, maskPhone } from './masks.ts'

const digits = (n: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: n, maxLength: n })
const mobile = fc.tuple(fc.constantFrom(...'3456789'), digits(9)).map(([a, b]) => `1${a}${b}`)
const idNumber = fc
  .tuple(
    digits(6),
    fc.constantFrom('19491231', '19900101', '20071130'),
    digits(3),
    fc.constantFrom(...'0123456789Xx'),
  )
  .map((parts) => parts.join(''))
/** Text around it that holds no digit itself. */
const words = fc.string({ unit: fc.constantFrom(...'你好，请打电话。 身份证号：\n(x)') })
const fullWidth = (text: string) =>
  text.replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) - 48 + 0xff10))
/** The longest run of characters of the secret that can still be read in the text. */
const longestLeft = (secret: string, text: string): number => {
  for (let length = secret.length; length > 0; length--)
    for (let i = 0; i + length <= secret.length; i++)
      if (text.includes(secret.slice(i, i + length))) return length
  return 0
}

describe('on screens', () => {
  it.each([
    ['张三', '张*'],
    ['张', '张*'],
    ['欧阳小明', '欧***'],
    ['𠮷田', '𠮷*'],
  ])('the name %s reads %s', (name, masked) => expect(maskName(name)).toBe(masked))

  it('a name keeps its first character only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const [first, ...rest] = [...maskName(name)]
        expect(first).toBe([...name][0])
        expect(rest.length).toBeGreaterThan(0)
        expect(new Set(rest)).toEqual(new Set(['*']))
      }),
    )
  })

  it.each([
    ['13812345678', '138****5678'],
    ['+86 138-1234-5678', '138****5678'],
    ['0431-88776655', '0431****'],
    ['88776655', '****'],
    ['请打我爱人电话', '****'],
  ])('the phone %s reads %s', (phone, masked) => expect(maskPhone(phone)).toBe(masked))

  it('a phone number never shows more than seven of its characters, however it was written', () => {
    fc.assert(
      fc.property(fc.oneof(mobile, fc.string(), digits(8), digits(12)), (phone) => {
        const shown = maskPhone(phone)
        expect(shown).toContain('****')
        expect(shown.replaceAll('*', '').length).toBeLessThanOrEqual(7)
      }),
    )
  })

  it.each([
    ['220102199001011234', '2201**********1234'],
    ['22010219900101123X', '2201**********123X'],
    ['E12345678', 'E1*****78'],
    ['12345678', '********'],
    ['', ''],
  ])('the document number %s reads %s', (id, masked) => expect(maskIdNumber(id)).toBe(masked))

  it('of a document number at least half is hidden', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const masked = maskIdNumber(id)
        expect(masked.length).toBe(id.length)
        expect([...masked].filter((c) => c === '*').length * 2).toBeGreaterThanOrEqual(id.length)
      }),
    )
  })
})

describe('in free text', () => {
  it('a mobile number shows its first three and last four digits, however it is written', () => {
    fc.assert(
      fc.property(
        words,
        mobile,
        words,
        fc.constantFrom('', '+86', '86', '+86 ', '0086', '+86-'),
        fc.constantFrom('', ' ', '-'),
        (before, phone, after, prefix, gap) => {
          const written = prefix + [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)].join(gap)
          for (const text of [written, fullWidth(written)]) {
            const masked = maskFreeText(before + text + after)
            expect(masked).toContain(maskPhone(phone))
            expect(longestLeft(phone, masked.replace(/\D/g, '_'))).toBeLessThanOrEqual(4)
          }
        },
      ),
    )
  })

  it('a resident ID number shows its first and last four characters, with blanks in it or not', () => {
    fc.assert(
      fc.property(words, idNumber, words, fc.constantFrom('', ' ', '-'), (before, id, after, gap) => {
        const written = [id.slice(0, 6), id.slice(6, 14), id.slice(14)].join(gap)
        for (const text of [written, fullWidth(written)]) {
          const masked = maskFreeText(before + text + after)
          expect(longestLeft(id, masked)).toBeLessThanOrEqual(4)
          expect(masked).not.toContain(id.slice(6, 14))
        }
      }),
    )
  })

  it('a bank card number is masked, in groups of four or not', () => {
    fc.assert(
      fc.property(digits(19), fc.constantFrom('', ' ', '-'), (card, gap) => {
        const masked = maskFreeText(`卡号${card.match(/.{1,4}/g)!.join(gap)}。`)
        expect(longestLeft(card.slice(4, 15), masked)).toBeLessThanOrEqual(4)
        expect(masked).not.toContain(card.slice(6, 13))
      }),
    )
  })

  it.each([
    ['我是13812345678，打给我', '我是138****5678，打给我'],
    ['座机0431-88776655转8', '座机0431****转8'],
    ['写信到 zhang.san+x@example.com.cn 吧', '写信到 ***@*** 吧'],
    ['车牌吉A12345被拖', '车牌吉A*****被拖'],
    ['车牌吉a·d12345被拖', '车牌吉a*****被拖'],
  ])('%s → %s', (text, masked) => expect(maskFreeText(text)).toBe(masked))

  it.each([
    '2026-11-24 10:30 到大厅，等了 45 分钟',
    '办件编号 220102-0001，收费 1200 元',
    '第 3 次来，窗口 12 号，一共 10086 人排队',
    '拨打 12345 没人接',
  ])('leaves what is nobody’s number: %s', (text) => expect(maskFreeText(text)).toBe(text))

  it('masked once is masked for good', () => {
    fc.assert(
      fc.property(words, mobile, idNumber, (text, phone, id) => {
        const once = maskFreeText(`${text}${phone} ${id}`)
        expect(maskFreeText(once)).toBe(once)
      }),
    )
  })
})
