import { describe, expect, it } from 'vitest'
import {
  filled,
  preview,
  problemsOf,
  TEMPLATES,
  type TemplateKey,
  type TemplateMedium,
} from './message.templates.ts'

const all = (Object.keys(TEMPLATES) as TemplateKey[]).flatMap((key) =>
  Object.entries(TEMPLATES[key].words).map(([medium, words]) => ({
    key,
    medium: medium as TemplateMedium,
    words,
  })),
)

describe('the words the program brings', () => {
  it.each(all)(
    '$key by $medium can be used, and a preview leaves no placeholder open',
    ({ key, medium, words }) => {
      expect(problemsOf(key, medium, words)).toEqual([])
      expect(JSON.stringify(preview(key, words))).not.toMatch(/\{\w+\}/)
    },
  )
})

describe('words an administrator writes', () => {
  const problems = (key: TemplateKey, medium: TemplateMedium, body: string, title = '标题') =>
    problemsOf(key, medium, { title: medium === 'sms' ? '' : title, body }).map((one) => one.message)

  it('hold only placeholders there are', () => {
    expect(problems('case_reply', 'sms', '{name}您好{link}')[0]).toContain('{name}')
    expect(problems('case_reply', 'sms', '{}{link}')[0]).toContain('没有占位符')
  })
  it('R16: lead the citizen to the answer', () => {
    expect(problems('case_reply', 'sms', '已答复')[0]).toContain('{link}')
    expect(problems('case_reply', 'email', '已答复')[0]).toContain('{link}')
  })
  it('have a title where there is one, on one line', () => {
    expect(problems('case_reply', 'email', '{link}', ' ')[0]).toContain('请填写标题')
    expect(problems('case_reply', 'email', '{link}', 'a\nb')[0]).toContain('一行')
  })
  it('are short as a text message and by keyword for WeChat', () => {
    expect(problems('case_reply', 'sms', `${'长'.repeat(200)}{link}`)[0]).toContain('最多 200 字')
    expect(problems('case_reply', 'wechat', 'thing1={item}\n已答复')[0]).toContain('关键词=内容')
  })
})

it('a value that looks like a placeholder is not filled in again', () => {
  expect(filled('{item}{link}', { item: '{link}', link: 'x' })).toBe('{link}x')
})
