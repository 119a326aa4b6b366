import type { AudioChunk } from './audio-chunk.ts'
import { type DecodeInput, decodeAudio } from './decode-audio.ts'
import { PeakMeter, type PeakSummary } from './peak-meter.ts'
import { UnreadableAudio } from './unreadable-audio.ts'

/** A call has two parties; further channels are rare and nobody draws them. */
export const MOST_CHANNELS = 2

export type PeaksInput = DecodeInput & {
  /** Hears every chunk in the same pass, in order, and has to be done with it before the next one comes. */
  onSound?: (chunk: AudioChunk) => Promise<void>
}

/**
 * Every zoom level of `PEAK_LEVELS`, in that order, each with `ceil(duration * level)` points for one
 * or two channels. `durationSeconds` is counted in decoded frames. Reads the file once, in bounded
 * memory. Throws UnreadableAudio where nothing can be decoded.
 */
export async function computePeaks({ path, probe, onSound }: PeaksInput): Promise<PeakSummary> {
  const channels = Math.min(probe.channels, MOST_CHANNELS)
  let meter: PeakMeter | null = null
  let firstRateHz = 0

  for await (const { channelData, sampleRateHz } of decodeAudio({ path, probe })) {
    firstRateHz ||= sampleRateHz
    if (sampleRateHz !== firstRateHz) throw changedRate(firstRateHz, sampleRateHz)
    meter ??= new PeakMeter({ channels, sampleRateHz })
    meter.add(channelData)
    await onSound?.({ channelData, sampleRateHz })
  }

  const summary = meter?.summary()
  if (summary && summary.durationSeconds > 0) return summary
  throw new UnreadableAudio({ expected: 'at least one sample', found: 'none that can be decoded' })
}

function changedRate(firstRateHz: number, nextRateHz: number): UnreadableAudio {
  return new UnreadableAudio({
    expected: `one sample rate of ${firstRateHz} Hz throughout`,
    found: `a change to ${nextRateHz} Hz`,
  })
}
