import type { RecordingSpeech } from '#contract/recording-speech.ts'
import type { DecodeInput } from './decode-audio.ts'
import { SpeechMeter } from './speech-meter.ts'
import { decodeSteadySound, MOST_CHANNELS } from './steady-sound.ts'

/** Who speaks when in a recording, decoded once. Throws as `decodeSteadySound` does. */
export async function measureSound({ path, probe }: DecodeInput): Promise<RecordingSpeech> {
  const channels = Math.min(probe.channels, MOST_CHANNELS)
  let meter: SpeechMeter | null = null
  let frames = 0
  let rateHz = 0
  for await (const { channelData, sampleRateHz } of decodeSteadySound({ path, probe })) {
    meter ??= new SpeechMeter({ channels, sampleRateHz, codec: probe.codec })
    await meter.add(channelData)
    frames += channelData[0]?.length ?? 0
    rateHz = sampleRateHz
  }
  if (meter === null) throw new Error('Expected sound that was decoded to have samples.')
  return meter.finish(frames / rateHz)
}
