import { useEffect, useMemo } from 'react'
import { type HighlightPart, highlightParts } from './highlights.ts'
import type { Mark } from './marks.ts'
import type { Playback } from './playback.ts'

/** Tells the clock which parts of the recording matter, by the marks that are shown; returns them, by start. */
export function useHighlights(
  playback: Playback,
  { marks, durationSeconds }: { marks: readonly Mark[]; durationSeconds: number },
): readonly HighlightPart[] {
  const parts = useMemo(() => highlightParts(marks, durationSeconds), [marks, durationSeconds])
  useEffect(() => playback.setHighlights(parts), [playback, parts])
  return parts
}
