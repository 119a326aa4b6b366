import { useEffect, useEffectEvent, useRef } from 'react'
import { useNavigate } from 'react-router'
import { useReviewKeys } from '../../player/use-review-keys.ts'
import { type CallRun, type Direction, stepFrom } from './neighbours.ts'

type UseCallStepsOptions = {
  run: CallRun
  /** That the next call is opened with: empty, or with its `?`. */
  search: string
}

/**
 * The keys that lead to the next and the previous call of the list. A step whose end is not loaded yet is taken as soon
 * as it is. Returns the way to any other call. "Back" leads to the list however many calls were stepped through.
 */
export function useCallSteps({ run, search }: UseCallStepsOptions) {
  const navigate = useNavigate()
  const waiting = useRef<{ fromId: number; direction: Direction } | null>(null)

  const goTo = (id: number | null) => {
    if (id !== null) void navigate(`/calls/${id}${search}`, { replace: true })
  }
  const step = (direction: Direction) => {
    const fromId = addressedId()
    waiting.current = null
    if (fromId === null) return
    const end = stepFrom(run, { fromId, direction })
    if (end.kind === 'loading') waiting.current = { fromId, direction }
    if (end.kind === 'found') goTo(end.id)
  }
  useReviewKeys({ 'next-call': () => step('next'), 'previous-call': () => step('previous') })

  const resume = useEffectEvent(() => {
    const wish = waiting.current
    if (wish && wish.fromId === addressedId()) step(wish.direction)
  })
  useEffect(() => {
    // Every answer of the list can be the one that was waited for.
    if (run.rows.length > 0) resume()
  }, [run])

  return goTo
}

/**
 * Where the person is by the address, which is ahead of the screen: the next call is drawn as a transition, and a key
 * that is pressed meanwhile means the call that is about to be there.
 */
export function addressedId(): number | null {
  const [, digits] = /^\/calls\/(\d{1,15})$/.exec(window.location.pathname) ?? []
  return digits === undefined ? null : Number(digits)
}
