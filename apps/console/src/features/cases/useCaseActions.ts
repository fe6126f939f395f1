import { ElMessage, ElMessageBox } from 'element-plus'
import { computed, reactive, ref, watch } from 'vue'
import { type ApiProblem, api, asProblem } from '../../api.ts'
import { actionsOf, type CaseAction } from './caseActions.ts'
import { type Draft, emptyDraft, faultsOf, isWritten, valuesOf } from './drafts.ts'
import type { CaseDetail } from './types.ts'

/** The case of a page, as useResource holds it. */
interface Held {
  data: CaseDetail | null
  reload: () => Promise<void>
  replace: (detail: CaseDetail) => void
}

/**
 * What can be done with the case of a page: which form is open, what has been written in each, and the sending.
 * Drafts outlive a change of the case by somebody else, and a change of one's mind between two forms.
 */
export function useCaseActions(held: Held) {
  const drafts = reactive<Record<string, Draft>>({})
  const openEvent = ref<string | null>(null)
  const openLabel = ref('')
  const errors = ref<Record<string, string>>({})
  const problem = ref<ApiProblem | null>(null)
  /** set when somebody else moved the case while this was being written */
  const stale = ref(false)
  const busy = ref(false)
  const uploading = ref(false)

  const actions = computed(() => actionsOf(held.data?.actions ?? []))
  const current = computed(() => actions.value.find((action) => action.event === openEvent.value) ?? null)
  const draft = computed(() => (openEvent.value ? (drafts[openEvent.value] ?? null) : null))
  const unsent = computed(() => Object.values(drafts).some(isWritten))

  function open(action: CaseAction): void {
    drafts[action.event] ??= emptyDraft()
    openEvent.value = action.event
    openLabel.value = action.label
    errors.value = {}
    problem.value = null
  }
  function close(): void {
    openEvent.value = null
    stale.value = false
  }
  /** What was refused is no longer said of a field that has been changed since. */
  function forget(field: string): void {
    delete errors.value[field]
    problem.value = null
  }
  function discard(): void {
    if (openEvent.value) delete drafts[openEvent.value]
    close()
  }

  const agreed = (action: CaseAction): Promise<boolean> =>
    action.confirm
      ? ElMessageBox.confirm(action.confirm, action.label, {
          confirmButtonText: action.label,
          cancelButtonText: '再看看',
          autofocus: false,
        }).then(
          () => true,
          () => false,
        )
      : Promise.resolve(true)

  async function refused(error: unknown): Promise<void> {
    const refusal = asProblem(error)
    if (refusal.code === 'case-stale') {
      stale.value = true
      await held.reload()
      return
    }
    // The server may name a field with its way to it.
    errors.value = Object.fromEntries(
      Object.entries(refusal.fields).map(([field, words]) => [field.split('.').pop() ?? field, words]),
    )
    const shown = current.value?.fields.some(({ name }) => errors.value[name])
    problem.value = shown ? null : refusal
  }

  /** @returns whether the case has moved */
  async function submit(): Promise<boolean> {
    const [detail, action, written] = [held.data, current.value, draft.value]
    if (!detail || !action || !written || busy.value || uploading.value) return false
    problem.value = null
    errors.value = faultsOf(action, written)
    if (Object.keys(errors.value).length > 0 || !(await agreed(action))) return false
    busy.value = true
    try {
      const moved = await api.post<CaseDetail>(`/api/v1/cases/${detail.id}/events/${action.event}`, {
        version: detail.version,
        values: valuesOf(action, written),
      })
      discard()
      held.replace(moved)
      ElMessage.success(`已完成“${action.label}”，差评件现在是“${moved.stateLabel}”。`)
      return true
    } catch (error) {
      await refused(error)
      return false
    } finally {
      busy.value = false
    }
  }

  // Another case in the same page starts with nothing written.
  watch(
    () => held.data?.id,
    (_now, before) => {
      if (!before) return
      for (const event of Object.keys(drafts)) delete drafts[event]
      close()
    },
  )
  return reactive({
    actions,
    current,
    openEvent,
    openLabel,
    draft,
    errors,
    problem,
    stale,
    busy,
    uploading,
    unsent,
    open,
    close,
    discard,
    forget,
    submit,
  })
}

export type CaseActions = ReturnType<typeof useCaseActions>
