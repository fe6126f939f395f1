/** One column of a DataTable. A slot named `cell-<key>` may draw its cells; else `text` is shown. */
export interface Column<Row> {
  key: string
  title: string
  /** what stands in the cell; '—' for nothing */
  text?: (row: Row) => string | number | null | undefined
  /** CSS width */
  width?: string
  /** numbers stand right, under one another */
  number?: true
  /** keep the cell on one line */
  nowrap?: true
}
