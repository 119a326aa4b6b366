import { useCallback, useEffect, useRef } from 'react'
import { quoteRange } from './quote-range.ts'
import type { PointedRow } from './timeline.ts'

const NAME = 'evidence-quote'

/** Browsers without the CSS Custom Highlight API show the row alone. */
const isSupported = typeof Highlight === 'function' && 'highlights' in CSS

/**
 * Marks the quote of the row that is pointed to, by CSS alone. Rows come and go while scrolling: their elements get
 * `attach` as their ref.
 */
export function usePointedQuote(container: HTMLElement | null, pointed: PointedRow | null) {
  const wanted = useRef<PointedRow | null>(null)

  const attach = useCallback((element: HTMLElement) => {
    const row = wanted.current
    if (row && Number(element.dataset.index) === row.index) highlight(element, row.quote)
  }, [])

  useEffect(() => {
    wanted.current = pointed
    if (!pointed || !container) return
    const row = container.querySelector<HTMLElement>(`:scope > [data-index="${pointed.index}"]`)
    if (row) highlight(row, pointed.quote)
    return () => {
      wanted.current = null
      if (isSupported) CSS.highlights.delete(NAME)
    }
  }, [container, pointed])

  return attach
}

function highlight(row: HTMLElement, quote: string): void {
  const text = row.querySelector('[data-words]')?.firstChild
  const range = text && quoteRange(text.textContent ?? '', quote)
  if (!isSupported || !text || !range) return
  const place = new StaticRange({
    startContainer: text,
    startOffset: range.from,
    endContainer: text,
    endOffset: range.to,
  })
  CSS.highlights.set(NAME, new Highlight(place))
}
