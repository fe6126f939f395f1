import type { CaseEvent } from './case-events.ts'

/**
 * Events that may happen to many cases at once, with the same words: taking them up, naming who verifies, who handles
 * them together and who is not waited for, and what the level above decides about who handles them and until when. What was found, promised, explained or answered is said
 * case by case, so that no citizen is fobbed off with a form letter; evidence belongs to one case anyway.
 */
export const TOGETHER_EVENTS: ReadonlySet<CaseEvent> = new Set<CaseEvent>([
  'sign',
  'change_verifier',
  'propose_transfer',
  'accept_transfer',
  'refuse_transfer',
  'add_co_handler',
  'remove_co_handler',
  'go_on_without',
  'approve_extension',
  'refuse_extension',
  'direct_again',
])
