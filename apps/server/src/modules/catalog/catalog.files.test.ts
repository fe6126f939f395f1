import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ENTITIES } from './catalog.entities.ts'
import { readRows, xlsxTemplate } from './catalog.files.ts'

/** A zip as an attacker makes it: the size written in it is whatever they like. */
function zip(parts: { name: string; content: string | Buffer; size?: number }[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, content, size } of parts) {
    const packed = deflateRawSync(content, { level: 9 })
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(size ?? Buffer.byteLength(content), 22)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    local.copy(entry, 6, 4, 30)
    entry.writeUInt32LE(at, 42)
    locals.push(local, Buffer.from(name), packed)
    directory.push(entry, Buffer.from(name))
    at += 30 + name.length + packed.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, listed, end])
}

const OFFICE = 'http://schemas.openxmlformats.org'
const workbook = (sheet: string | Buffer, size?: number) =>
  zip([
    { name: '[Content_Types].xml', content: '<Types/>' },
    {
      name: 'xl/workbook.xml',
      content: `<workbook xmlns="${OFFICE}/spreadsheetml/2006/main" xmlns:r="${OFFICE}/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships xmlns="${OFFICE}/package/2006/relationships"><Relationship Id="r1" Type="${OFFICE}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    },
    { name: 'xl/worksheets/sheet1.xml', content: sheet, ...(size !== undefined && { size }) },
  ])
const sheet = (rows: string) =>
  `<worksheet xmlns="${OFFICE}/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`
const row = (n: number, ...cells: string[]) =>
  `<row r="${n}">${cells.map((text, i) => `<c r="${'ABCDE'[i]}${n}" t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`
const xlsx = (content: Buffer) => readRows(ENTITIES.halls, 'xlsx', content)
const csv = (content: string) => readRows(ENTITIES.halls, 'csv', Buffer.from(content))
const HEAD = ['code', 'name', 'organization_id', 'region_code']

describe('a file sent by an official', () => {
  it('is read when it is a workbook', async () => {
    const rows = await xlsx(workbook(sheet(row(1, ...HEAD) + row(2, 'h1', '大厅', 'lm', '990100000000'))))
    expect(rows).toEqual([
      { line: 2, cells: { code: 'h1', name: '大厅', organization_id: 'lm', region_code: '990100000000' } },
    ])
    expect(await xlsx(await xlsxTemplate(ENTITIES.halls))).toEqual([])
  })

  it.each([
    ['unpacks to more than a workbook can be', () => workbook(Buffer.alloc(100_000_000, 0x3c))],
    ['lies about what it unpacks to', () => workbook(Buffer.alloc(100_000_000, 0x3c), 100)],
    ['has an attribute of megabytes', () => workbook(sheet(`<row a="${'x'.repeat(2_000_000)}"/>`))],
    [
      'names a directory beyond its end',
      () => Buffer.concat([workbook(sheet('')).subarray(0, -6), Buffer.alloc(6, 0xff)]),
    ],
    ['is no zip at all', () => Buffer.from('PK\u0003\u0004 but no more')],
  ])('holds up nobody when it %s', { timeout: 5_000 }, async (_what, content) => {
    await expect(xlsx(content())).rejects.toMatchObject({ status: 422, code: 'file-unreadable' })
  })

  it('has no more rows than can be taken at once', { timeout: 10_000 }, async () => {
    await expect(csv(`${HEAD.join(',')}\n${'a\n'.repeat(1_000_000)}`)).rejects.toMatchObject({
      code: 'file-unreadable',
      detail: expect.stringContaining('50000 行'),
    })
  })

  it('has titles of a length that is read', { timeout: 5_000 }, async () => {
    await expect(csv(`"a${' '.repeat(1_000_000)}b",code\nx,y`)).rejects.toMatchObject({
      code: 'unknown-column',
    })
  })
})
