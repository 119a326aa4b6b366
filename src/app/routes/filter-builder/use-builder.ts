import { useEffect, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import type { FilterGroup } from '#contract/filter.ts'
import { type EditGroup, toEditTree } from '../../filters/edit-tree.ts'
import { type History, record, redo, undo } from '../../filters/history.ts'
import {
  type AddressParts,
  adoptAddress,
  builderSearch,
  spelledTree,
  startBuilder,
} from './filter-state.ts'

/** Letters reach the address once they pause: browsers allow few changes of it per second. */
const PAUSE_MS = 400

/**
 * The filter that is being built. The address owns its finished part; unfinished rules and what can be undone live
 * here. `back` undoes, links open, and each discrete step is one entry of the browser's history.
 */
export function useBuilder() {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const address = params.get('filter') ?? ''
  const search = params.get('search') ?? ''
  const call = params.get('call') ?? ''
  const [state, setState] = useState(() => startBuilder(address))
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isNewStep = useRef(true)
  useEffect(() => {
    // Whoever goes back, or leaves, does not want what was typed last to follow.
    const drop = () => clearTimeout(timer.current)
    const leave = () => {
      drop()
      // An entry that comes back is no echo, even of a text that was written and passed over.
      setState((now) => (now.pending.length === 0 ? now : { ...now, pending: [] }))
    }
    window.addEventListener('popstate', leave)
    return () => {
      drop()
      window.removeEventListener('popstate', leave)
    }
  }, [])

  if (address !== state.seen) setState(adoptAddress(state, address, Date.now()))
  const { history, broken } = state
  const tree = history.present

  const go = (parts: Partial<AddressParts>, { replace }: { replace: boolean }) => {
    // Not this render's: a pause may lie between, in which something else of the address changed.
    const now = new URLSearchParams(window.location.search)
    const [filter, words, id] = ['filter', 'search', 'call'].map((name) => now.get(name) ?? '')
    const kept = { filter: filter ?? '', search: words ?? '', call: id ?? '' }
    void navigate(
      { search: builderSearch({ ...kept, ...parts }, now) },
      { replace, preventScrollReset: true },
    )
  }

  const write = (spelled: string) => {
    setState((now) => ({ ...now, pending: [...now.pending, spelled] }))
    go({ filter: spelled }, { replace: !isNewStep.current })
    isNewStep.current = false
  }

  const take = (next: History<EditGroup>, pauseMs: number) => {
    if (next === history) return
    setState((now) => ({ ...now, history: next, broken: null }))
    // What joined the last step of the history takes its entry of the browser's as well.
    if (next.past !== history.past) isNewStep.current = true
    clearTimeout(timer.current)
    const spelled = spelledTree(next.present)
    const written = state.pending.at(-1) ?? state.seen
    if (spelled === written && broken === null) return
    if (pauseMs === 0) write(spelled)
    else timer.current = setTimeout(() => write(spelled), pauseMs)
  }

  const step = (next: EditGroup, { mergeKey }: { mergeKey?: string } = {}) =>
    take(
      record(history, next, { nowMs: Date.now(), mergeKey }),
      mergeKey === undefined ? 0 : PAUSE_MS,
    )

  return {
    tree,
    search,
    call,
    /** The address's filter where it cannot be read. */
    broken,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    change: step,
    /** Another filter in the place of this one, such as a text that was written. */
    replace: (filter: FilterGroup, options: { mergeKey?: string } = {}) =>
      step(toEditTree(filter), options),
    undo: () => take(undo(history), 0),
    redo: () => take(redo(history), 0),
    /** Forgets an address that cannot be read. */
    dropBroken: () => {
      setState((now) => ({ ...now, broken: null, pending: [...now.pending, spelledTree(tree)] }))
      go({ filter: spelledTree(tree) }, { replace: true })
    },
    setSearch: (next: string) => go({ search: next }, { replace: next !== '' && search !== '' }),
    setCall: (next: string) => go({ call: next }, { replace: true }),
  }
}
