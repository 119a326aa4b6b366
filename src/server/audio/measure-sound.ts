import type { PeakLevel } from '#contract/recording.ts'
import type { RecordingSpeech } from '#contract/recording-speech.ts'
import type { DecodeInput } from './decode-audio.ts'
import { computePeaks, MOST_CHANNELS } from './peaks.ts'
import { SpeechMeter } from './speech-meter.ts'

export type SoundMeasures = {
  levels: PeakLevel[]
  durationSeconds: number
  speech: RecordingSpeech
}

/** The peaks and the speech of a recording, decoded once. Throws as `computePeaks` does. */
export async function measureSound({ path, probe }: DecodeInput): Promise<SoundMeasures> {
  const channels = Math.min(probe.channels, MOST_CHANNELS)
  const meters: SpeechMeter[] = []
  const { levels, durationSeconds } = await computePeaks({
    path,
    probe,
    onSound: async ({ channelData, sampleRateHz }) => {
      const meter = meters[0] ?? new SpeechMeter({ channels, sampleRateHz, codec: probe.codec })
      meters[0] = meter
      await meter.add(channelData)
    },
  })
  const [meter] = meters
  if (!meter) throw new Error('Expected the sound that has peaks to be heard.')
  return { levels, durationSeconds, speech: await meter.finish(durationSeconds) }
}
