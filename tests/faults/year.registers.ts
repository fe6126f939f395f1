import { plusDays, shanghaiDate } from '@haochaping/rules'
import type { Finished } from './year.check.ts'

/** What of an entry of a case the registers are made of. */
interface Entry {
  id: string
  kind: string
  at: Date
  version: number
  round: number
  promised_on: string | null
  real_name: boolean
  persons: { id: string; doNotContact: boolean }[]
  /** of a call-back: whom it was to, where several left a name, and its result */
  evaluator: string | null
  result: string | null
}

/** Every entry of every case that has one of some kinds, in the order of its versions. */
const entriesOf = ({ rows }: Finished) =>
  rows<Entry>(`select subject_id as id, kind, recorded_at as at, (payload ->> 'version')::int as version,
    (payload ->> 'round')::int as round, payload ->> 'promisedOn' as promised_on,
    (payload ->> 'realName')::boolean as real_name, payload -> 'persons' as persons,
    payload ->> 'evaluator' as evaluator, payload ->> 'result' as result
    from journal_entry where kind like 'case.%' order by subject_id, (payload ->> 'version')::int`)

/** The days of the year in stretches a register takes at once. */
async function* periods({ rows, now }: Finished) {
  const [first] = await rows<{ at: Date | null }>('select min(opened_at) as at from rectification_case')
  const today = shanghaiDate(now)
  for (let from = shanghaiDate(first?.at ?? now); from <= today; ) {
    const to = [plusDays(from, 179), today].sort()[0]!
    yield { from, to }
    from = plusDays(to, 1)
  }
}

type Sums = Record<string, number>
const added = (sums: Sums, more: Sums): Sums =>
  Object.fromEntries(Object.entries(more).map(([name, count]) => [name, (sums[name] ?? 0) + count]))

/** The counts of a summary; its rates follow from them. */
const numbersOf = (summary: Record<string, number | null> | null): Sums =>
  Object.fromEntries(
    Object.entries(summary ?? {}).flatMap(([name, value]) =>
      value === null || name.endsWith('Rate') ? [] : [[name, value]],
    ),
  )

const differences = (told: Sums, counted: Sums): string[] =>
  Object.entries(counted)
    .filter(([name, count]) => told[name] !== count)
    .map(([name, count]) => `“${name}”: the register says ${told[name] ?? 'nothing'}, the journal ${count}`)

/** Promises, kept, broken and extended, as the register tells them and as the journal's entries give them (Q65). */
export async function commitmentRegister(year: Finished): Promise<string[]> {
  const { services, city, now } = year
  let told: Sums = {}
  for await (const period of periods(year))
    told = added(told, numbersOf((await services.registers.commitments(city, period)).summary))
  const counted = { total: 0, open: 0, kept: 0, broken: 0, extended: 0 }
  const today = shanghaiDate(now)
  for (const entries of Map.groupBy(await entriesOf(year), ({ id }) => id).values())
    for (const [i, promise] of entries.entries()) {
      if (promise.kind !== 'case.promise') continue
      const rest = entries.slice(i + 1)
      const end = rest.findIndex(({ kind, round }) => kind === 'case.promise' || round !== promise.round)
      const after = end < 0 ? rest : rest.slice(0, end)
      const extensions = after.filter(({ kind }) => kind === 'case.approve_extension')
      const until = extensions.at(-1)?.promised_on ?? promise.promised_on ?? ''
      const done = after.find(({ kind }) => kind === 'case.complete')
      const status = done
        ? shanghaiDate(done.at) <= until
          ? 'kept'
          : 'broken'
        : today > until
          ? 'broken'
          : 'open'
      counted.total++
      counted[status]++
      if (extensions.length > 0) counted.extended++
    }
  return differences(told, counted)
}

/**
 * Call-backs, by person, and rectification, by case, of real-name cases, as the register tells them and as the
 * journal's entries give them (R20).
 */
export async function callbackRegister(year: Finished): Promise<string[]> {
  const { services, app, city, now } = year
  let told: Sums = {}
  for await (const period of periods(year))
    told = added(told, numbersOf((await services.registers.callbacks(city, period)).summary))
  const needed = await services.policies.value('contact_attempts_per_day', app.config.cityRegion, now)
  const counted = {
    cases: 0,
    total: 0,
    exempt: 0,
    contacted: 0,
    notContacted: 0,
    rectified: 0,
    notRectified: 0,
    notAdopted: 0,
  }
  for (const entries of Map.groupBy(await entriesOf(year), ({ id }) => id).values()) {
    const last = entries.at(-1)!
    if (!last.real_name) continue
    const inRound = entries.filter(({ round }) => round === last.round)
    const did = (...kinds: string[]) => inRound.some(({ kind }) => kinds.includes(kind))
    counted.cases++
    if (did('case.confirm_rejection')) counted.notAdopted++
    else if (did('case.complete', 'case.explained')) counted.rectified++
    else counted.notRectified++
    for (const person of last.persons) {
      counted.total++
      if (person.doNotContact) counted.exempt++
      else if (called(inRound, person.id, last.persons, needed.value)) counted.contacted++
      else counted.notContacted++
    }
  }
  return differences(told, counted)
}

/** Spoken to in a round, or tried in vain as often as one day allows. */
function called(inRound: Entry[], id: string, persons: Entry['persons'], needed: number): boolean {
  const [only, another] = persons.filter((person) => !person.doNotContact)
  const calls = inRound.filter(
    ({ kind, evaluator }) =>
      kind === 'case.record_contact' && (evaluator ?? (another ? null : only?.id)) === id,
  )
  const inVain = calls.filter(({ result }) => result === 'not_reached').length
  return calls.length > inVain || inVain >= needed
}
