import { useEffect, useRef, useState } from 'react'
import type { CallSummary } from '#contract/call.ts'
import type { Verdict } from '#contract/metric-result.ts'
import { type TrialRequest, tryMetric } from '../../api/metrics.ts'
import { failureText } from '../../format/failure-text.ts'

/** Enough to see a pattern, few enough to wait for. */
export const MAX_TRIALS = 10

export type Trial =
  | { kind: 'waiting' }
  | { kind: 'running' }
  | { kind: 'done'; tried: Verdict; current: Verdict | null }
  | { kind: 'failed'; message: string }
  | { kind: 'stopped' }

type Draft = Omit<TrialRequest, 'callId'>

/** Tries a draft on the chosen calls, one at a time. One call that cannot be tried does not end it. */
export function useTrials() {
  const [calls, setCalls] = useState<readonly CallSummary[]>([])
  const [trials, setTrials] = useState<ReadonlyMap<number, Trial>>(new Map())
  const [isRunning, setRunning] = useState(false)
  const abort = useRef<AbortController>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const put = (id: number, trial: Trial) => setTrials((current) => new Map(current).set(id, trial))

  const run = async (draft: Draft) => {
    const controller = new AbortController()
    abort.current = controller
    setRunning(true)
    setTrials(new Map(calls.map(({ id }) => [id, { kind: 'waiting' }])))
    for (const { id } of calls) {
      if (!controller.signal.aborted) put(id, { kind: 'running' })
      put(id, await tryOne({ ...draft, callId: id }, controller.signal))
    }
    setRunning(false)
  }

  const unfinished = [...trials.values()].filter(
    ({ kind }) => kind === 'waiting' || kind === 'running',
  ).length
  return {
    calls,
    trialOf: (id: number) => trials.get(id),
    isRunning,
    doneCount: trials.size - unfinished,
    wantedCount: trials.size,
    add: (added: readonly CallSummary[]) =>
      setCalls((current) => {
        const known = new Set(current.map(({ id }) => id))
        return [...current, ...added.filter(({ id }) => !known.has(id))].slice(0, MAX_TRIALS)
      }),
    remove: (id: number) => setCalls((current) => current.filter((call) => call.id !== id)),
    clear: () => {
      setCalls([])
      setTrials(new Map())
    },
    run,
    cancel: () => abort.current?.abort(),
  }
}

async function tryOne(body: TrialRequest, signal: AbortSignal): Promise<Trial> {
  if (signal.aborted) return { kind: 'stopped' }
  try {
    return { kind: 'done', ...(await tryMetric(body, signal)) }
  } catch (cause) {
    if (signal.aborted) return { kind: 'stopped' }
    return { kind: 'failed', message: failureText(cause) }
  }
}
