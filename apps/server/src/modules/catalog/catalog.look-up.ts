import type { Organization, Snapshot } from './catalog.snapshot.ts'

/** What to look for among the items. */
export interface ItemQuery {
  /** part of the name or of a code */
  q?: string | undefined
  /** items of this organisation and of all below it */
  organization?: string | undefined
  /** also those no longer offered */
  withInactive?: boolean
  page?: number | undefined
  pageSize?: number | undefined
}

/** The codes of a region and of those above it: itself first, the city last. Empty for an unknown code. */
export function ancestorsOf({ regions }: Snapshot, code: string): string[] {
  const chain: string[] = []
  for (
    let at: string | null = code;
    at !== null && !chain.includes(at);
    at = regions.get(at)?.parentCode ?? null
  )
    if (regions.has(at)) chain.push(at)
  return chain
}

/**
 * The body that manages government services at the level of an organisation (R15: it is told of ratings not
 * adopted): the nearest one beside or above it. A management body is answered for by the next one above; the
 * city's answers for itself.
 */
export function managementBodyOf(
  { organizations }: Snapshot,
  organizationId: string,
): Organization | undefined {
  const self = organizations.get(organizationId)
  const bodies = [...organizations.values()].filter(
    (o) => o.isManagementBody && o.active && o.id !== organizationId,
  )
  const seen = new Set<string>()
  for (
    let at = self;
    at && !seen.has(at.id);
    at = at.parentId === null ? undefined : organizations.get(at.parentId)
  ) {
    seen.add(at.id)
    const level = at
    const found = bodies.find(
      (body) => body.id === level.id || (body.parentId === level.id && level.id !== organizationId),
    )
    if (found) return found
  }
  return self?.isManagementBody ? self : undefined
}

/** One page of the items whose name or code has some words in it, of a place. */
export function itemsFound(snap: Snapshot, query: ItemQuery) {
  const { page = 1, pageSize = 20, withInactive = false } = query
  const q = query.q?.trim().toLowerCase() ?? ''
  const place = query.organization === undefined ? null : snap.organizations.get(query.organization)?.path
  const found =
    place === undefined
      ? []
      : [...snap.items.values()].filter(
          (item) =>
            (withInactive || item.active) &&
            (q === '' ||
              item.name.toLowerCase().includes(q) ||
              item.code.toLowerCase().includes(q) ||
              item.handlingItemCode.toLowerCase().includes(q)) &&
            (place === null || snap.organizations.get(item.organizationId)?.path.startsWith(place)),
        )
  return { items: found.slice((page - 1) * pageSize, page * pageSize), total: found.length, page, pageSize }
}
