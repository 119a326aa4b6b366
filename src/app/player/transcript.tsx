import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownToLine } from 'lucide-react'
import {
  type RefObject,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useState,
} from 'react'
import { Button } from '../ui/button.tsx'
import type { Playback } from './playback.ts'
import type { PointedRow, Timeline } from './timeline.ts'
import { TranscriptRowView } from './transcript-row-view.tsx'
import type { TranscriptRow } from './transcript-rows.ts'
import { useCurrentRow } from './use-current-row.ts'
import type { Follow } from './use-follow.ts'
import { useWholeSeconds } from './use-playback.ts'
import { usePointedQuote } from './use-pointed-quote.ts'

/** Up to here every row is on the page, so that the browser's own search finds all of them. */
const SHORT_ROWS = 120

const OVERSCAN_ROWS = 10

/** Rows measured on the way move the target; two corrections settle it. */
const REVEAL_TRIES = 4

export type TranscriptProps = {
  playback: Playback
  timeline: Timeline
  /** What scrolls; the transcript is somewhere inside. */
  scroller: HTMLElement
  /** What stays above the transcript while it scrolls, and hides it there. */
  cover: RefObject<HTMLElement | null>
  follow: Follow
  /** What to show and mark, wherever the playback is; another object shows it again. */
  pointed: PointedRow | null
}

/** The conversation on the clock of `playback`. */
export function Transcript(props: TranscriptProps) {
  const { playback, timeline, scroller, cover, follow, pointed } = props
  const { rows, hasTimes } = timeline
  const [list, setList] = useState<HTMLElement | null>(null)
  const scrollMargin = useOffset(list, scroller)
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: (index) => estimateHeight(rows[index]),
    getItemKey: (index) => rows[index]?.position ?? index,
    overscan: rows.length <= SHORT_ROWS ? SHORT_ROWS : OVERSCAN_ROWS,
    scrollMargin,
    directDomUpdates: true,
  })

  /** Rows far away are not on the page: their place is estimated first, then corrected once they are. */
  const revealRow = (
    index: number,
    { behavior, tries }: { behavior: ScrollBehavior; tries: number },
  ) => {
    const band = readingBand(scroller, cover.current)
    const row = list?.querySelector(`:scope > [data-index="${index}"]`)
    if (row) {
      const top = offsetToReveal(row.getBoundingClientRect(), band)
      if (top !== 0) scroller.scrollBy({ top, behavior })
      return
    }
    const place = virtualizer.getOffsetForIndex(index, 'start')
    if (!place || tries === 0) return
    scroller.scrollTo({ top: place[0] - (band.top - band.scrollerTop) })
    requestAnimationFrame(() => revealRow(index, { behavior: 'auto', tries: tries - 1 }))
  }

  const { current, attach } = useCurrentRow({
    playback,
    timeline,
    container: list,
    onChange: (index) => {
      if (follow.mode === 'on' && index !== null)
        revealRow(index, { behavior: glide(playback), tries: REVEAL_TRIES })
    },
  })

  const { resume } = follow
  useEffect(() => playback.onJump(resume), [playback, resume])

  const attachQuote = usePointedQuote(list, pointed)
  const revealPointed = useEffectEvent((index: number) =>
    revealRow(index, { behavior: 'auto', tries: REVEAL_TRIES }),
  )
  useEffect(() => {
    if (list && pointed) revealPointed(pointed.index)
  }, [list, pointed])

  const attachRow = useCallback(
    (element: HTMLElement | null) => {
      virtualizer.measureElement(element)
      if (!element) return
      attach(element)
      attachQuote(element)
    },
    [virtualizer, attach, attachQuote],
  )
  const listRef = useCallback(
    (element: HTMLElement | null) => {
      virtualizer.containerRef(element)
      setList(element)
    },
    [virtualizer],
  )
  const seek = useCallback((seconds: number) => playback.seek(seconds), [playback])
  const toggle = useCallback((position: number) => {
    setOpened((before) => {
      const next = new Set(before)
      if (!next.delete(position)) next.add(position)
      return next
    })
  }, [])

  return (
    <>
      <ol ref={listRef} aria-label="Transcript" className="relative">
        {virtualizer.getVirtualItems().map(({ index, key }) => {
          const row = rows[index]
          if (!row) return null
          return (
            <li
              key={key}
              ref={attachRow}
              data-index={index}
              data-pointed={pointed?.index === index || undefined}
              aria-posinset={index + 1}
              aria-setsize={rows.length}
              className="group/row absolute top-0 left-0 w-full"
            >
              <TranscriptRowView
                row={row}
                onSeek={hasTimes ? seek : null}
                isOpen={opened.has(row.position)}
                onToggle={toggle}
              />
            </li>
          )
        })}
      </ol>
      {follow.mode === 'yielded' && (
        <BackToNow
          playback={playback}
          onPress={() => {
            follow.resume()
            if (current.current !== null) {
              revealRow(current.current, { behavior: 'auto', tries: REVEAL_TRIES })
            }
          }}
        />
      )}
    </>
  )
}

function BackToNow({ playback, onPress }: { playback: Playback; onPress: () => void }) {
  if (useWholeSeconds(playback) === 0) return null
  return (
    <div className="pointer-events-none sticky bottom-[14px] z-10 flex justify-center pt-[14px]">
      <Button
        size="small"
        icon={<ArrowDownToLine size={14} />}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onPress}
        className="pointer-events-auto shadow-float"
      >
        Back to now
      </Button>
    </div>
  )
}

/** In pixels, from the type sizes of the rows; rows on the page are measured. */
function estimateHeight(row: TranscriptRow | undefined): number {
  if (row?.kind !== 'speech') return 40
  const lines = Math.ceil(row.segment.text.length / 80)
  return lines * 21 + 4 + (row.isContinuation ? 0 : 30)
}

/** How far `element` is from the top of what scrolls, kept up to date while things above change their height. */
function useOffset(element: HTMLElement | null, scroller: HTMLElement): number {
  const [offset, setOffset] = useState(0)
  useLayoutEffect(() => {
    if (!element) return
    const measure = () =>
      setOffset(
        Math.round(
          element.getBoundingClientRect().top -
            scroller.getBoundingClientRect().top +
            scroller.scrollTop,
        ),
      )
    measure()
    const observer = new ResizeObserver(measure)
    for (const child of scroller.children) observer.observe(child)
    return () => observer.disconnect()
  }, [element, scroller])
  return offset
}

type Band = { top: number; bottom: number; scrollerTop: number }

/** Where a reader's eyes are: below what covers the top, and not at the very bottom. In client pixels. */
function readingBand(scroller: HTMLElement, cover: HTMLElement | null): Band {
  const box = scroller.getBoundingClientRect()
  const covered = Math.max(box.top, cover?.getBoundingClientRect().bottom ?? box.top)
  const height = box.bottom - covered
  return { top: covered + height * 0.12, bottom: box.bottom - height * 0.22, scrollerTop: box.top }
}

/** By how much to scroll so that a row begins inside the band; 0 if it does already. */
function offsetToReveal(row: DOMRect, band: Band): number {
  const isTall = row.height > band.bottom - band.top
  const isInside = row.top >= band.top - 40 && (isTall ? row.top : row.bottom) <= band.bottom
  return isInside ? 0 : row.top - band.top
}

function glide(playback: Playback): ScrollBehavior {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
  return playback.state.phase === 'playing' && !isCalm ? 'smooth' : 'auto'
}
