import { join } from 'node:path'
import { decodeWav } from './wav-samples.ts'

export const CLIP_RATE_HZ = 8000

/** Speech without a pause in it, as samples at `CLIP_RATE_HZ`. */
export type SpeechClips = Record<
  'greeting' | 'takeYourTime' | 'areYouThere' | 'caller',
  Float32Array
>
export type PlacedClip = { clip: Float32Array; startSeconds: number; gain?: number }

/** Cut for tests from the demo's silent line, whose story says when each turn begins and ends. */
export async function loadSpeechClips(): Promise<SpeechClips> {
  const channels: [caller: number[], agent: number[]] = [[], []]
  for await (const { channelData } of decodeWav(
    join(import.meta.dirname, '../demo/audio/dental-silent-line.wav'),
  )) {
    for (const [index, channel] of channels.entries()) {
      for (const sample of channelData[index] ?? []) channel.push(sample)
    }
  }
  const [caller, agent] = channels
  return {
    greeting: cut(agent, 0.6, 3.48),
    takeYourTime: cut(agent, 9.176, 9.866),
    areYouThere: cut(agent, 23.866, 24.766),
    caller: cut(caller, 3.947, 8.317),
  }
}

/** One channel: clips at their places over the hiss of a line, at -66 dBFS, that differs by `seed`. */
export function composeChannel(
  seconds: number,
  placed: readonly PlacedClip[],
  seed = 1,
): Float32Array {
  let state = seed
  const samples = Float32Array.from({ length: seconds * CLIP_RATE_HZ }, () => {
    state = (state * 48_271) % 2_147_483_647
    return (state / 2_147_483_647 - 0.5) * 0.0017
  })
  for (const { clip, startSeconds, gain = 1 } of placed) {
    const from = Math.round(startSeconds * CLIP_RATE_HZ)
    for (const [n, sample] of clip.entries())
      samples[from + n] = (samples[from + n] ?? 0) + sample * gain
  }
  return samples
}

function cut(samples: readonly number[], fromSeconds: number, toSeconds: number): Float32Array {
  return Float32Array.from(
    samples.slice(Math.round(fromSeconds * CLIP_RATE_HZ), Math.round(toSeconds * CLIP_RATE_HZ)),
  )
}
