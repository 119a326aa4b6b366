import { useLayoutEffect, useRef } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { useMediaQuery } from '../../ui/use-media-query.ts'
import { type Pane, parsePane, withPane } from './pane.ts'

/** Below this, conversation and side panel take turns. Tailwind's `max-lg`. */
const ONE_PANE = '(width < 64rem)'

const WIDE_PANES: readonly Pane[] = ['results', 'details', 'comments']
const NARROW_PANES: readonly Pane[] = ['conversation', 'results', 'details', 'comments']

/** Which panes of a call's page are on the screen. On narrow ones each keeps its place while another is shown. */
export function usePanes(scroller: HTMLElement | null) {
  const isNarrow = useMediaQuery(ONE_PANE)
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const places = useRef(new Map<Pane, number>())
  const asked = parsePane(params)
  const shown = shownPane(asked, { isNarrow })

  const remember = () => {
    if (scroller) places.current.set(shown, scroller.scrollTop)
  }
  useLayoutEffect(() => {
    const place = places.current.get(shown)
    if (isNarrow && scroller && place !== undefined) scroller.scrollTop = place
  }, [shown, isNarrow, scroller])

  /** Brings a pane on the screen; nothing happens where it is there already. */
  const open = (pane: Pane) => {
    const isOn = pane === shown || (pane === 'conversation' && !isNarrow)
    if (isOn) return
    remember()
    void navigate({ search: withPane(`?${params}`, pane) }, { replace: true })
  }
  return {
    isNarrow,
    all: isNarrow ? NARROW_PANES : WIDE_PANES,
    shown,
    conversation: !isNarrow || shown === 'conversation',
    side: shown === 'conversation' ? null : shown,
    remember,
    open,
  }
}

function shownPane(asked: Pane | null, { isNarrow }: { isNarrow: boolean }): Pane {
  if (isNarrow) return asked ?? 'conversation'
  return asked === null || asked === 'conversation' ? 'results' : asked
}
