import { useEffect, useMemo, useState } from 'react'
import { lengthSeconds } from '#contract/conversation.ts'
import { type Mark, milliseconds, slowRepliesByLength } from './marks.ts'
import type { Playback } from './playback.ts'

/** Which of the slow replies was gone to last, and whether the person has since gone elsewhere. */
type Step = { place: number; isThere: boolean }

export type SlowWalk = {
  /** Goes to the slowest reply, then to the next slowest, and after the last to the slowest again. */
  step: () => void
  /** `Slow reply 2 of 5, 2,430 ms`; empty unless the last step led to where the clock is. */
  told: string
}

/** The way through a call's slow replies, worst first. `marks` may hold any kinds. */
export function useSlowWalk(playback: Playback, marks: readonly Mark[]): SlowWalk {
  const slow = useMemo(() => slowRepliesByLength(marks), [marks])
  const [last, setLast] = useState<Step | null>(null)
  useEffect(
    () => playback.onJump(() => setLast((step) => step && { ...step, isThere: false })),
    [playback],
  )

  const step = () => {
    const place = last === null ? 0 : (last.place + 1) % Math.max(1, slow.length)
    const mark = slow[place]
    if (!mark) return
    playback.seek(mark.startSeconds)
    // After the jump, which says that the person is elsewhere.
    setLast({ place, isThere: true })
  }
  const mark = last?.isThere ? slow[last.place] : undefined
  const told =
    mark && last
      ? `Slow reply ${last.place + 1} of ${slow.length}, ${milliseconds(lengthSeconds(mark))}`
      : ''
  return { step, told }
}
