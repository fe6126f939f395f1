import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskForPublic } from './masks.ts'

describe('text before it is published', () => {
  it.each([
    ['已电话联系赵小兰（13812345678）说明情况。', '已电话联系赵**（138****5678）说明情况。'],
    ['经核实，申请人张建国于11月3日到窗口。', '经核实，申请人张**于11月3日到窗口。'],
    ['联系人：李娜，电话 0431-88776655', '联系人：李*，电话 0431****'],
    ['向王建军先生致歉', '向王**先生致歉'],
    ['证件号 220102199001011234 已更正', '证件号 2201**********1234 已更正'],
    ['欧阳小明女士您好', '欧***女士您好'],
  ])('%s', (text, shown) => expect(maskForPublic(text, ['赵小兰'])).toBe(shown))

  it('leaves ordinary sentences as they are', () => {
    for (const text of [
      '已安排专人负责，负责人高度重视，当日更换叫号设备。',
      '工作人员马上联系系统管理员，方便群众办理。',
      '根据《中华人民共和国行政许可法》第三十二条，应当一次告知。',
      '南关区政务服务中心已增设两个窗口，等候时间由 40 分钟降到 15 分钟。',
    ])
      expect(maskForPublic(text, [])).toBe(text)
  })

  it('never leaves a known name, a mobile or an ID number standing', () => {
    const han = fc.constantFrom(...'甲乙丙丁戊天地玄黄宇宙洪荒')
    const name = fc.tuple(fc.constantFrom('王', '欧阳'), fc.string({ unit: han, minLength: 1, maxLength: 3 }))
    const filler = fc.string({ unit: fc.constantFrom(...'办理窗口，。 (\uff08'), maxLength: 20 })
    fc.assert(
      fc.property(name, filler, filler, ([surname, given], before, after) => {
        const full = surname + given
        const shown = maskForPublic(`${before}${full}${after}13912345678${before}22010219900307123X`, [full])
        expect(shown).not.toContain(full)
        expect(shown).not.toMatch(/139\d{8}|22010219900307123X/)
      }),
    )
  })
})
