import { useCallback, useEffect, useEffectEvent, useRef } from 'react'
import type { Playback } from './playback.ts'
import { clearWord, highlightWord, spokenWord } from './spoken-word.ts'
import { findCurrent } from './time-index.ts'
import type { Timeline } from './timeline.ts'
import type { WordRange } from './word-ranges.ts'

/**
 * Marks the row and the word at the playhead on the page itself, without a render: `aria-current` on the
 * row's element, a CSS highlight on the word. Row elements carry `data-index` and get `attach` as their ref.
 */
export function useCurrentRow({
  playback,
  timeline,
  container,
  onChange,
}: {
  playback: Playback
  timeline: Timeline
  container: HTMLElement | null
  /** Called with the new row whenever another becomes current. */
  onChange: (index: number | null) => void
}) {
  const current = useRef<number | null>(null)
  const word = useRef<WordRange | null>(null)
  const showWord = useRef<(() => void) | null>(null)
  const notify = useEffectEvent(onChange)

  const attach = useCallback((element: HTMLElement) => {
    const isCurrent = Number(element.dataset.index) === current.current
    element.ariaCurrent = isCurrent ? 'true' : null
    if (isCurrent) showWord.current?.()
  }, [])

  useEffect(() => {
    if (!container) return
    const rowAt = (index: number | null) =>
      container.querySelector<HTMLElement>(`:scope > [data-index="${index}"]`)

    const moveRow = (next: number | null) => {
      const [before, after] = [rowAt(current.current), rowAt(next)]
      if (before) before.ariaCurrent = null
      if (after) after.ariaCurrent = 'true'
      current.current = next
      notify(next)
    }

    const moveWord = (seconds: number) => {
      const row = current.current === null ? undefined : timeline.rows[current.current]
      const next = row?.kind === 'speech' ? spokenWord(row.segment, seconds) : null
      if (next === word.current) return
      const text = next && rowAt(current.current)?.querySelector('[data-words]')?.firstChild
      if (next && text) highlightWord(text, next)
      else clearWord()
      // A word whose row is not on the page yet is looked for again once it is.
      word.current = text ? next : null
    }
    showWord.current = () => moveWord(playback.seconds)

    const stop = playback.onFrame((seconds) => {
      const next = seconds > 0 ? findCurrent(timeline.index, seconds) : null
      if (next !== current.current) moveRow(next)
      moveWord(seconds)
    })
    return () => {
      stop()
      clearWord()
      word.current = null
      showWord.current = null
    }
  }, [playback, timeline, container])

  return { current, attach }
}
