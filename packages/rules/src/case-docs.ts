import { type CaseEvent, caseEventRule, caseEvents } from './case-events.ts'
import { CASE_GUARDS } from './case-guards.ts'
import {
  CASE_ACTORS,
  CASE_CLOCKS,
  CASE_STATES,
  type CaseClockKey,
  type CaseEventRule,
  type CaseField,
  type CaseGuard,
  type CaseState,
  MAIN_CLOCK,
} from './case-states.ts'
import { TOGETHER_EVENTS } from './case-together.ts'
import { POLICY_DEFAULTS } from './policy.ts'

const states = Object.keys(CASE_STATES) as CaseState[]
const clockKeys = Object.keys(CASE_CLOCKS) as CaseClockKey[]

/** States that wait for somebody else and go back to where they came from: from where each may be entered. */
const originsOf = (state: CaseState): readonly CaseState[] =>
  caseEvents.map(caseEventRule).flatMap((rule) => (rule.to === state ? rule.from : []))

const targetsOf = (rule: CaseEventRule, from: CaseState): readonly CaseState[] => {
  if (rule.to === 'same') return []
  return rule.to === 'back' ? originsOf(from) : [rule.to]
}

/** One arrow for all that leads from one state to another. */
function arrows(): string[] {
  const lines = new Map<string, string[]>()
  for (const event of caseEvents) {
    const rule = caseEventRule(event)
    for (const from of rule.from)
      for (const to of targetsOf(rule, from)) {
        const key = `  ${from} --> ${to}`
        lines.set(key, [...(lines.get(key) ?? []), rule.label])
      }
  }
  return [...lines].map(([arrow, labels]) => `${arrow} : ${labels.join(' / ')}`)
}

const diagram = () =>
  [
    '```mermaid',
    'stateDiagram-v2',
    ...states.map((state) => `  state "${CASE_STATES[state]}" as ${state}`),
    '  [*] --> to_sign',
    ...arrows(),
    '  closed --> [*]',
    '```',
  ].join('\n')

const row = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
const table = (head: string[], rows: string[][]) =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n')

const code = (text: string) => `\`${text}\``
const named = (keys: readonly CaseClockKey[] | undefined, sign: string) =>
  (keys ?? []).map((key) => `${sign}${CASE_CLOCKS[key].label}`)

const leftOut = ({ hint }: CaseField) => (hint ? `（可不填，${hint}）` : '（可不填）')

function eventRow(event: CaseEvent): string[] {
  const rule = caseEventRule(event)
  const fields = rule.fields.map(
    (field) => `${code(field.name)} ${field.label}${field.required ? '' : leftOut(field)}`,
  )
  const to = rule.to === 'same' ? '不变' : rule.to === 'back' ? '原来的环节' : CASE_STATES[rule.to]
  return [
    `${code(event)}<br>${rule.label}`,
    rule.from.map((state) => CASE_STATES[state]).join('、'),
    to,
    rule.actors.map((actor) => CASE_ACTORS[actor]).join('、'),
    fields.join('<br>') || '—',
    (rule.guards ?? []).map((guard) => CASE_GUARDS[guard].label).join('<br>') || '—',
    [
      ...named(rule.stops, '■ '),
      ...named(rule.pauses, '‖ '),
      ...named(rule.resumes, '▷ '),
      ...named(rule.starts, '▶ '),
    ].join('<br>') || '—',
  ]
}

const AWAITED = {
  handler: CASE_ACTORS.handler,
  management: CASE_ACTORS.management,
  superior: CASE_ACTORS.superior,
  citizen: CASE_ACTORS.citizen,
}

/** The description of a case for docs/case.md: everything in it comes from the tables the program runs by. */
export const renderCaseDocs = (): string =>
  `# The case

Made from the tables in \`packages/rules/src/case-states.ts\`, \`case-events.ts\` and \`case-guards.ts\` by \`npm run docs:case\`; a test fails when they say something else. Change the tables, not this file.

A case is opened by a negative rating, a complaint or an opinion, at the organisation that handled the matter (谁办理、谁负责); the finding of a spot check begins it again. It goes sideways nowhere: re-assignment is asked for and decided one level up. It is closed by the citizen's answer, or by their silence as "no answer", never before the reply is out, and a real-name case not before the call-back (R14–R17, R20).

## States

${diagram()}

${table(
  ['state', 'name', 'due by'],
  states.map((state) => {
    const clock = MAIN_CLOCK[state]
    return [code(state), CASE_STATES[state], clock ? CASE_CLOCKS[clock].label : '—']
  }),
)}

## Events

Clocks: ▶ starts, ‖ stands still, ▷ goes on, ■ stops. Journal entries bear the kind \`case.<event>\`.

${table(['event', 'from', 'to', 'who', 'with', 'only if', 'clocks'], caseEvents.map(eventRow))}

May happen to many cases at once, with the same words: ${[...TOGETHER_EVENTS].map((event) => `${code(event)} ${caseEventRule(event).label}`).join('、')}. All else is said case by case.

## Clocks

Numbers are those a city starts with; each is a policy that may be sharpened by district. A clock keeps the version it began with. Warnings are given when 50 % and 80 % of the time is gone, then the case is escalated: to the organisation when the time is over, to the district and to the city some working days later, in working hours only, each once. What the citizen lets pass makes nobody late; what the level above lets pass is not counted against the organisation.

${table(
  ['clock', 'name', 'runs', 'waits for'],
  clockKeys.map((key) => {
    const { label, policy, awaits } = CASE_CLOCKS[key]
    const { value, unit } = POLICY_DEFAULTS[policy]
    const runs = `${value} ${unit === 'calendar_day' ? 'calendar' : 'working'} days (${code(policy)})`
    return [
      code(key),
      label,
      key === 'promised' ? `to the promised day, at most ${runs}` : runs,
      AWAITED[awaits],
    ]
  }),
)}

## Guards

${table(
  ['guard', 'holds when', 'decided by'],
  (Object.keys(CASE_GUARDS) as CaseGuard[]).map((guard) => [
    code(guard),
    CASE_GUARDS[guard].label,
    CASE_GUARDS[guard].holds ? 'the case alone' : 'the service (directory, journal, policies)',
  ]),
)}

Besides the events of the table the journal holds \`case.opened\`, \`case.joined\` (another rating or complaint of the same matter), \`case.warned\` (a clock at 50 % or 80 %), \`case.escalated\`, \`case.overdue\` (a clock ran out; noted at the very moment) and \`case.deadline-recomputed\` (a year's holidays became known).
`
