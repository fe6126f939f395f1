/**
 * The name of an item as screens show it: what was complained of need not be one, and the code stands for an item that
 * the directory does not hold.
 */
export const itemNameOf = async (
  catalog: { item(code: string): Promise<{ name: string } | null | undefined> },
  code: string,
): Promise<string> => (code === '' ? '未指明事项' : ((await catalog.item(code))?.name ?? code))
