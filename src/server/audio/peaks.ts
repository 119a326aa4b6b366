import type { DecodeInput } from './decode-audio.ts'
import { PeakMeter, type PeakSummary } from './peak-meter.ts'
import { decodeSteadySound, MOST_CHANNELS } from './steady-sound.ts'

/**
 * Every zoom level of `PEAK_LEVELS`, in that order, each with `ceil(duration * level)` points for one
 * or two channels. `durationSeconds` is counted in decoded frames. Reads the file once, in bounded
 * memory. Throws as `decodeSteadySound` does.
 */
export async function computePeaks({ path, probe }: DecodeInput): Promise<PeakSummary> {
  const channels = Math.min(probe.channels, MOST_CHANNELS)
  let meter: PeakMeter | null = null
  for await (const { channelData, sampleRateHz } of decodeSteadySound({ path, probe })) {
    meter ??= new PeakMeter({ channels, sampleRateHz })
    meter.add(channelData)
  }
  if (meter === null) throw new Error('Expected sound that was decoded to have samples.')
  return meter.summary()
}
