import { Type } from 'typebox'
import { ENTITY_NAMES } from './catalog.columns.ts'
import { EDITABLE } from './catalog.entities.ts'

const Key = Type.String({ minLength: 1, maxLength: 128 })
const EntityParam = (names: readonly string[]) =>
  Type.Union(
    names.map((name) => Type.Literal(name)),
    { description: names.join(', '), errorMessage: '没有这类数据' },
  )

export const KeyParams = Type.Object({ entity: EntityParam(ENTITY_NAMES), key: Key })
export const EditParams = Type.Object({ entity: EntityParam(EDITABLE), key: Key })
export const ImportParams = Type.Object({ entity: EntityParam(ENTITY_NAMES) })
export const ImportQuery = Type.Object({ dryRun: Type.Optional(Type.Boolean()) })
export const CodeParams = Type.Object({ code: Key })
export const TemplateParams = Type.Object({ file: Type.String({ maxLength: 64 }) })

export const OrganizationQuery = Type.Object({ organization: Type.Optional(Key) })
export const HallQuery = Type.Object({ hall: Type.Optional(Key) })
export const ItemsQuery = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 100 })),
  organization: Type.Optional(Key),
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
  pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})

/** The fields of the row, spelled as in JSON, and the version that was seen; 0 makes a new row. */
export const RowBody = Type.Object(
  { version: Type.Integer({ minimum: 0, description: '所见版本号；新增填 0' }) },
  {
    additionalProperties: Type.Union([
      Type.String({ maxLength: 8000 }),
      Type.Number(),
      Type.Boolean(),
      Type.Null(),
    ]),
  },
)
