export interface SavedViewTable {
  account_id: string
  view_id: string
  screen: string
  name: string
  query: string
  created_at: Date
}

/** Tables of the room saved-views. */
export interface SavedViewTables {
  saved_view: SavedViewTable
}
