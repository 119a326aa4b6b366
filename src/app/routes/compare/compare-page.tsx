import { useQuery } from '@tanstack/react-query'
import { ArrowLeftRight } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { useMetrics } from '../../api/metrics.ts'
import { verdictQueries } from '../../api/verdicts.ts'
import { countOf } from '../../format/count.ts'
import type { Playback } from '../../player/playback.ts'
import { Button } from '../../ui/button.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { compareVerdicts } from './compare-rows.ts'
import { ComparedCall } from './compared-call.tsx'
import { PickCall } from './pick-call.tsx'
import { ResultsTable } from './results-table.tsx'

type Side = 'before' | 'after'

const SIDES: readonly { side: Side; label: string }[] = [
  { side: 'before', label: 'Before' },
  { side: 'after', label: 'After' },
]

/** `/compare?before=12&after=34`: two calls side by side, such as of one agent under two prompts. */
export function ComparePage() {
  const [params, setParams] = useSearchParams()
  const ids = { before: idOf(params, 'before'), after: idOf(params, 'after') }
  const isWhole = ids.before !== null && ids.after !== null
  const onPlay = useOneAtATime()
  const [picked, setPicked] = useState<Side | null>(null)

  const choose = (side: Side, id: number) => {
    setPicked(side)
    setParams((now) => {
      const next = new URLSearchParams(now)
      next.set(side, String(id))
      return next
    })
  }
  const swap = () => setParams({ before: String(ids.after ?? ''), after: String(ids.before ?? '') })

  return (
    <Page
      title="Compare calls"
      actions={
        isWhole && (
          <Button size="small" icon={<ArrowLeftRight size={14} />} onClick={swap}>
            Swap
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-[16px] px-[20px] py-[14px] max-md:px-[14px]">
        {ids.before !== null && ids.after !== null && (
          <Results before={ids.before} after={ids.after} />
        )}
        <div className="grid gap-[14px] lg:grid-cols-2">
          {SIDES.map(({ side, label }) => {
            const id = ids[side]
            return id === null ? (
              <PickCall key={side} label={label} onPick={(found) => choose(side, found)} />
            ) : (
              <ComparedCall
                key={side}
                id={id}
                label={label}
                isPicked={side === picked}
                onPlay={onPlay}
              />
            )
          })}
        </div>
      </div>
    </Page>
  )
}

function idOf(params: URLSearchParams, side: Side): number | null {
  const text = params.get(side) ?? ''
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}

/** Playing one call stops the other. */
function useOneAtATime(): (playback: Playback) => void {
  const heard = useRef<Playback>(null)
  return useCallback((playback) => {
    const other = heard.current
    heard.current = playback
    if (other !== playback && other?.getState().phase === 'playing') other.toggle()
  }, [])
}

function Results({ before, after }: { before: number; after: number }) {
  const first = useQuery(verdictQueries.ofCall(before))
  const second = useQuery(verdictQueries.ofCall(after))
  const { data: metrics } = useMetrics()
  const [isWhole, setIsWhole] = useState(false)
  const rows = useMemo(
    () =>
      first.data && second.data
        ? compareVerdicts(
            { before: first.data.items, after: second.data.items },
            metrics?.items ?? [],
          )
        : null,
    [first.data, second.data, metrics],
  )
  const error = first.error ?? second.error
  if (rows === null) {
    if (!error) return <SkeletonRows rows={4} rowHeight={34} label="Loading the results" />
    const retry = () => void Promise.all([first.refetch(), second.refetch()])
    return <LoadError title="The results could not be loaded" error={error} onRetry={retry} />
  }
  if (rows.length === 0) {
    return <p className="text-ink-soft">Neither call has been judged by a metric.</p>
  }
  const changed = rows.filter(({ change }) => change !== 'same' && change !== 'missing')
  const worse = rows.filter(({ change }) => change === 'worse').length
  const better = rows.filter(({ change }) => change === 'better').length
  return (
    <section aria-labelledby="compared-results">
      <h2 id="compared-results" className="pb-[4px] font-semibold">
        Results
        <span className="pl-[8px] text-[12px] font-normal text-ink-soft tabular-nums">
          {countOf(worse, 'metric')} worse, {better} better
        </span>
      </h2>
      {isWhole || changed.length > 0 ? (
        <ResultsTable rows={isWhole ? rows : changed} />
      ) : (
        <p className="text-ink-soft">No metric says anything else of one call than of the other.</p>
      )}
      {changed.length < rows.length && (
        <Button
          size="small"
          variant="quiet"
          className="mt-[6px]"
          aria-expanded={isWhole}
          onClick={() => setIsWhole(!isWhole)}
        >
          {isWhole
            ? 'Only what differs'
            : `${countOf(rows.length - changed.length, 'more metric')}`}
        </Button>
      )}
    </section>
  )
}
