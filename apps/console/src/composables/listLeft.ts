/**
 * Where a page of one thing leads back to: the list as it was left, with its filters, where one came from it.
 * @param list the address of the list: '/appeals'
 * @param before where one came from, as the router keeps it
 */
export const listLeft = (list: string, before: unknown = window.history.state?.back): string =>
  typeof before === 'string' && (before === list || before.startsWith(`${list}?`)) ? before : list
