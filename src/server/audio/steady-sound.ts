import type { AudioChunk } from './audio-chunk.ts'
import { type DecodeInput, decodeAudio } from './decode-audio.ts'
import { UnreadableAudio } from './unreadable-audio.ts'

/** A call has two parties; further channels are rare and nobody draws them or listens to them. */
export const MOST_CHANNELS = 2

/** As `decodeAudio`, at one sample rate. Throws UnreadableAudio where the rate changes, or nothing can be decoded. */
export async function* decodeSteadySound(input: DecodeInput): AsyncGenerator<AudioChunk> {
  let firstRateHz = 0
  let frames = 0
  for await (const chunk of decodeAudio(input)) {
    firstRateHz ||= chunk.sampleRateHz
    if (chunk.sampleRateHz !== firstRateHz) throw changedRate(firstRateHz, chunk.sampleRateHz)
    frames += chunk.channelData[0]?.length ?? 0
    yield chunk
  }
  if (frames > 0) return
  throw new UnreadableAudio({ expected: 'at least one sample', found: 'none that can be decoded' })
}

function changedRate(firstRateHz: number, nextRateHz: number): UnreadableAudio {
  return new UnreadableAudio({
    expected: `one sample rate of ${firstRateHz} Hz throughout`,
    found: `a change to ${nextRateHz} Hz`,
  })
}
