import { useEffect, useMemo, useState } from 'react'
import type { Verdict } from '#contract/metric-result.ts'
import type { Segment } from '#contract/transcript.ts'
import type { Playback } from '../../player/playback.ts'
import { findRow, type PointedRow, type Timeline } from '../../player/timeline.ts'
import {
  type EvidenceMoment,
  evidenceMoments,
  stepEvidence,
} from '../../results/evidence-moments.ts'

export type EvidenceWalk = {
  /** In order of time. */
  moments: readonly EvidenceMoment[]
  /** The one that was gone to last, until the person goes elsewhere. */
  shown: EvidenceMoment | null
  pointed: PointedRow | null
  show: (moment: EvidenceMoment) => void
  step: (direction: -1 | 1) => void
}

type UseEvidenceOptions = {
  verdicts: readonly Verdict[] | undefined
  playback: Playback
  timeline: Timeline
  segments: readonly Segment[]
}

/** Going to what results rest on: the second is sought, and the words are marked in the transcript. */
export function useEvidence(options: UseEvidenceOptions): EvidenceWalk {
  const { verdicts, playback, timeline, segments } = options
  const moments = useMemo(() => evidenceMoments(verdicts ?? []), [verdicts])
  const [shown, setShown] = useState<EvidenceMoment | null>(null)
  useEffect(() => playback.onJump(() => setShown(null)), [playback])
  const pointed = useMemo(
    () => shown && toPointed(shown, { timeline, segments }),
    [shown, timeline, segments],
  )

  const show = (moment: EvidenceMoment) => {
    if (moment.startSeconds !== null) playback.seek(moment.startSeconds)
    // After the jump, which forgets the one before; a new object shows the same place again.
    setShown({ ...moment })
  }
  const step = (direction: -1 | 1) => {
    const moment = stepEvidence(moments, { seconds: playback.seconds, from: shown, direction })
    if (moment) show(moment)
  }
  return { moments, shown, pointed, show, step }
}

function toPointed(
  { segmentIndex, quote }: EvidenceMoment,
  { timeline, segments }: Pick<UseEvidenceOptions, 'timeline' | 'segments'>,
): PointedRow | null {
  if (segmentIndex === null) return null
  const index = findRow(timeline, segments, segmentIndex)
  return index === null ? null : { index, quote }
}
