import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import type { SavedView } from '#contract/view.ts'
import { useLiveCalls } from '../api/live-calls.ts'
import { viewQueries } from '../api/views.ts'
import { restAfter } from './count-pace.ts'

/** From the first change of a burst to the count. */
const BURST_MS = 1000
/** Filters such as `now-7d` let go of calls without any event. */
const CLOCK_MS = 5 * 60_000

/**
 * Counts the calls of these views again after calls have changed: one view at a time, with a rest that grows with the
 * work, and not at all while nobody can see it.
 */
export function useFreshCounts(views: readonly SavedView[]) {
  const client = useQueryClient()
  const countAll = useEffectEvent(async () => {
    for (const view of views) {
      const { queryKey } = viewQueries.count(view.state)
      await client.refetchQueries({ queryKey, exact: true }, { cancelRefetch: false })
    }
  })
  const count = useEffectEvent(() => rounds.ask())
  useLiveCalls(count, count)

  useEffect(() => {
    const end = rounds.begin(() => countAll())
    const clock = setInterval(() => rounds.ask(), CLOCK_MS)
    return () => {
      clearInterval(clock)
      end()
    }
  }, [])
}

/** The navigation is there once, and so is this. */
const rounds = createRounds()

function createRounds() {
  let work: (() => Promise<void>) | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let isCounting = false
  let isAskedAgain = false
  let notBeforeMs = 0

  const run = async () => {
    timer = undefined
    if (!work || document.hidden) {
      isAskedAgain = true
      return
    }
    isCounting = true
    isAskedAgain = false
    const startedMs = performance.now()
    await work()
    isCounting = false
    notBeforeMs = performance.now() + restAfter(performance.now() - startedMs)
    if (isAskedAgain) ask()
  }
  const ask = () => {
    if (isCounting) isAskedAgain = true
    else timer ??= setTimeout(run, Math.max(BURST_MS, notBeforeMs - performance.now()))
  }
  const catchUp = () => {
    if (isAskedAgain && !document.hidden) ask()
  }
  return {
    ask,
    begin(countAll: () => Promise<void>) {
      work = countAll
      document.addEventListener('visibilitychange', catchUp)
      return () => {
        work = null
        clearTimeout(timer)
        timer = undefined
        document.removeEventListener('visibilitychange', catchUp)
      }
    },
  }
}
