import type { Services } from '../services.ts'
import type { Random } from './random.ts'

/** Somewhere services are rendered: a window, or an organisation's matters online. */
export interface Place {
  windowCode: string | null
  saturday: boolean
  organizationId: string
  staff: readonly string[]
  items: readonly { code: string; applicantType: string }[]
  /** how busy it is, against the others */
  weight: number
  /** the share of negative ratings it earns */
  negative: number
}

/** The platforms an affair online may come through, and the channel its rating then has. */
export const ONLINE: readonly (readonly [number, { platform: string; channel: number }])[] = [
  [5, { platform: 'ccs-web', channel: 1 }],
  [6, { platform: 'jsb-app', channel: 2 }],
  [3, { platform: 'jsb-mini', channel: 2 }],
]

/** Districts differ: some are busier, some are worse. Two of them much. */
const DISTRICTS: Record<string, { busy: number; negative: number }> = {
  '220100000000': { busy: 1.6, negative: 0.045 },
  '220102000000': { busy: 2.4, negative: 0.03 },
  '220104000000': { busy: 1.4, negative: 0.04 },
  '220103000000': { busy: 1.1, negative: 0.085 },
  '220105000000': { busy: 1, negative: 0.06 },
  '220173000000': { busy: 0.9, negative: 0.025 },
  '220182000000': { busy: 0.8, negative: 0.095 },
}
const ORDINARY = { busy: 0.7, negative: 0.055 }

/** An item with the first of the kinds of applicants it is for. */
export const demoItem = ({ code, applicantType }: { code: string; applicantType: string }) => ({
  code,
  applicantType: applicantType.split('|')[0] || '1',
})

/** All places of the directory, busier and better or worse as the sequence has it. */
export async function demoPlaces({ catalog }: Pick<Services, 'catalog'>, random: Random): Promise<Place[]> {
  const { items, organizations, halls, staff } = await catalog.snapshot()
  const itemsOf = Map.groupBy(items.values(), (item) => item.organizationId)
  const staffAt = Map.groupBy(staff.values(), (member) => member.windowCode)
  const places: Place[] = []
  for (const window of await catalog.windows()) {
    const own = itemsOf.get(window.organizationId)
    const hall = halls.get(window.hallCode)
    if (!own || !hall) continue
    const district = DISTRICTS[hall.regionCode] ?? ORDINARY
    places.push({
      windowCode: window.code,
      saturday: hall.saturdayOpen,
      organizationId: window.organizationId,
      staff: (staffAt.get(window.code) ?? []).map((member) => member.number),
      items: own.map(demoItem),
      weight: district.busy * random.between(0.4, 1.6),
      // Most windows are about as good as their district; a few are not.
      negative: district.negative * (random.chance(0.06) ? random.between(2.5, 4) : random.between(0.3, 1.3)),
    })
  }
  for (const [organizationId, own] of itemsOf) {
    const online = own.filter((item) => item.online)
    const region = organizations.get(organizationId)?.regionCode ?? ''
    const district = DISTRICTS[region] ?? ORDINARY
    if (online.length > 0)
      places.push({
        windowCode: null,
        saturday: true,
        organizationId,
        staff: [],
        items: online.map(demoItem),
        weight: district.busy * random.between(0.2, 0.8),
        negative: district.negative * random.between(0.6, 1.5),
      })
  }
  return places
}
