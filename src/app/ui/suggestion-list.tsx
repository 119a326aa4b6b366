import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { formatCount } from '../format/count.ts'
import { classNames } from './class-names.ts'
import { FLOATING } from './floating.ts'
import { placeList } from './place-list.ts'
import { Spinner } from './spinner.tsx'

export type Suggestion = {
  value: string
  label?: string
  /** How often it occurs; shown at the right. */
  count?: number
}

/** Taller lists scroll. */
const TALLEST_PX = 300

export type SuggestionListProps = {
  id: string
  label: string
  anchor: RefObject<HTMLElement | null>
  suggestions: readonly Suggestion[]
  isLoading: boolean
  /** -1: none. */
  activeIndex: number
  onActivate: (index: number) => void
  onPick: (suggestion: Suggestion) => void
}

/**
 * The open list of a text field. The focus stays in the field, which moves `activeIndex`. It is no Base UI list,
 * because there the field itself would be deferred code, and no field may be swapped while someone types in it. It
 * opens in the browser's top layer, so that no dialog or scrolling box cuts it off.
 */
export function SuggestionList(props: SuggestionListProps) {
  const { id, label, anchor, suggestions, isLoading, activeIndex, onActivate, onPick } = props
  const popup = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const element = popup.current
    if (!element) return
    if (!element.matches(':popover-open')) element.showPopover()
    const place = () => placeBeside(element, anchor.current)
    place()
    const observer = new ResizeObserver(place)
    observer.observe(element)
    if (anchor.current) observer.observe(anchor.current)
    window.addEventListener('scroll', place, { capture: true, passive: true })
    window.addEventListener('resize', place)
    return () => {
      observer.disconnect()
      window.removeEventListener('scroll', place, { capture: true })
      window.removeEventListener('resize', place)
    }
  }, [anchor])

  useEffect(() => {
    if (activeIndex < 0) return
    const option = document.getElementById(toOptionId(id, activeIndex))
    option?.scrollIntoView({ block: 'nearest' })
  }, [id, activeIndex])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps the focus where it is
    <div
      ref={popup}
      popover="manual"
      // A press on the list must not take the focus out of the field.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      className={classNames(
        FLOATING,
        'fixed inset-auto m-0 max-w-[calc(100vw-16px)] min-w-[140px] overflow-y-auto overscroll-contain p-[4px]',
      )}
    >
      {suggestions.length > 0 ? (
        <div role="listbox" id={id} aria-label={label}>
          {suggestions.map((suggestion, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the field, which keeps the focus
            // biome-ignore lint/a11y/useFocusableInteractive: the field points here by aria-activedescendant
            <div
              key={suggestion.value}
              id={toOptionId(id, index)}
              role="option"
              aria-selected={index === activeIndex}
              onPointerMove={() => index !== activeIndex && onActivate(index)}
              onClick={() => onPick(suggestion)}
              className={classNames(
                'flex min-h-[28px] cursor-default items-center gap-[12px] rounded-[5px] px-[8px] py-[4px] select-none',
                index === activeIndex && 'bg-ink/8',
              )}
            >
              <span className="min-w-0 flex-1 truncate">
                {suggestion.label ?? (suggestion.value || '(empty)')}
              </span>
              {suggestion.count !== undefined && (
                <span className="shrink-0 text-right text-[12px] text-ink-faint tabular-nums">
                  {formatCount(suggestion.count)}
                </span>
              )}
            </div>
          ))}
        </div>
      ) : (
        isLoading && (
          <p className="flex min-h-[28px] items-center gap-[8px] px-[8px] text-ink-faint">
            <Spinner /> Looking…
          </p>
        )
      )}
    </div>
  )
}

/** The id of an option, for the field's `aria-activedescendant`. */
export function toOptionId(listId: string, index: number): string {
  return `${listId}-${index}`
}

function placeBeside(popup: HTMLElement, anchor: HTMLElement | null) {
  if (!anchor) return
  const box = anchor.getBoundingClientRect()
  popup.style.width = `${box.width}px`
  const { left, top, maxHeight } = placeList({
    anchor: box,
    // Measured by the content: its own height may still be the one of the last place.
    size: { width: popup.offsetWidth, height: Math.min(TALLEST_PX, popup.scrollHeight + 2) },
    viewport: { width: document.documentElement.clientWidth, height: innerHeight },
  })
  popup.style.left = `${left}px`
  popup.style.top = `${top}px`
  popup.style.maxHeight = `${Math.min(TALLEST_PX, maxHeight)}px`
}
