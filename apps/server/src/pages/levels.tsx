import { LEVELS } from '@haochaping/rules'

/** '不满意' for 2; a level that is not one is shown as '—'. */
export const levelLabel = (level: number | null) => LEVELS.find((l) => l.level === level)?.label ?? '—'

const MOUTHS: Record<number, string> = {
  5: 'M9 18 Q16 28 23 18',
  4: 'M10 20 Q16 24 22 20',
  3: 'M10 21 H22',
  2: 'M10 23 Q16 19 22 23',
  1: 'M9 25 Q16 15 23 25',
}

/** A face beside the words; drawn in the colour of the text, so that no level looks like the right answer. */
export function Face({ level }: { level: number }) {
  return (
    <svg class="face" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
        <circle cx="16" cy="16" r="14" />
        <path d={MOUTHS[level]} />
      </g>
      <circle cx="11" cy="12" r="1.8" fill="currentColor" />
      <circle cx="21" cy="12" r="1.8" fill="currentColor" />
    </svg>
  )
}
