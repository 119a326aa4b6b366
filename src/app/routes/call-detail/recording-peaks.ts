import { type QueryClient, useQuery } from '@tanstack/react-query'
import type { CallDetail, RecordingDetail } from '#contract/call.ts'
import { callQueries, type PeaksInput } from '../../api/calls.ts'
import { reviewQueries } from '../../api/review.ts'
import { verdictQueries } from '../../api/verdicts.ts'
import { choosePeakLevel, type Peaks, silencePeakLevel } from '../../player/peak-level.ts'

/** The peaks of a recording to draw and to find silence in; null while there are none. */
export function usePeaks(recording: RecordingDetail | null) {
  const [wave, silence] = [drawnPeaks(recording), silencePeaks(recording)]
  const drawn = useQuery({ ...callQueries.peaks(wave ?? NO_PEAKS), enabled: wave !== null })
  const isSame = wave?.pointsPerSecond === silence?.pointsPerSecond
  // After the picture: silence matters only once somebody listens.
  const heard = useQuery({
    ...callQueries.peaks(silence ?? NO_PEAKS),
    enabled: silence !== null && (isSame || !drawn.isPending),
  })
  return { peaks: toPeaks(wave, drawn.data), silencePeaks: toPeaks(silence, heard.data) }
}

/** Fetches what the page of a call needs first: the call and its results, then the peaks its waveform is drawn from. */
export async function prefetchCall(client: QueryClient, id: number): Promise<void> {
  const verdicts = client.prefetchQuery(verdictQueries.ofCall(id))
  const review = client.prefetchQuery(reviewQueries.ofCall(id))
  const call = await client.ensureQueryData(callQueries.detail(id))
  const wave = drawnPeaks(call.recording)
  if (wave) await client.prefetchQuery(callQueries.peaks(wave))
  await Promise.all([verdicts, review])
}

/** Never asked for: hooks cannot be left out, only switched off. */
const NO_PEAKS: PeaksInput = { recordingId: 0, pointsPerSecond: 0, channels: 1 }

function drawnPeaks(recording: CallDetail['recording']): PeaksInput | null {
  if (!recording) return null
  const { durationSeconds, peakLevels } = recording
  // The page is a little wider than its waveform, which errs on the sharp side and needs no layout.
  const widthPixels = Math.min(document.documentElement.clientWidth, 1400)
  return peaksAt(recording, choosePeakLevel(peakLevels, { durationSeconds, widthPixels }))
}

function silencePeaks(recording: CallDetail['recording']): PeaksInput | null {
  return recording && peaksAt(recording, silencePeakLevel(recording.peakLevels))
}

function peaksAt({ id, channels }: RecordingDetail, level: number | null): PeaksInput | null {
  return level === null ? null : { recordingId: id, pointsPerSecond: level, channels }
}

function toPeaks(input: PeaksInput | null, rows: Peaks['rows'] | undefined): Peaks | null {
  return input && rows ? { pointsPerSecond: input.pointsPerSecond, rows } : null
}
