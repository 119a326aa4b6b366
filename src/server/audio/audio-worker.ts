import { parentPort, workerData } from 'node:worker_threads'
import type { AudioProbe, PeakLevel } from '#contract/recording.ts'
import { computePeaks } from './peaks.ts'
import { probeAudio } from './probe-audio.ts'
import { UnreadableAudio, type UnreadableAudioFacts } from './unreadable-audio.ts'

/** What the worker says, once, before it ends. Other errors end it and arrive as its `error` event. */
export type AudioWorkerMessage =
  | { kind: 'analysed'; probe: AudioProbe; levels: PeakLevel[] }
  | ({ kind: 'unreadable' } & UnreadableAudioFacts)

await main(workerData.path)

async function main(path: string): Promise<void> {
  const message = await analyse(path)
  parentPort?.postMessage(message, message.kind === 'analysed' ? buffersOf(message.levels) : [])
}

function buffersOf(levels: readonly PeakLevel[]): ArrayBuffer[] {
  return levels.map(({ bytes }) => bytes.buffer).filter((buffer) => buffer instanceof ArrayBuffer)
}

async function analyse(path: string): Promise<AudioWorkerMessage> {
  try {
    const probe = await probeAudio(path)
    const { levels, durationSeconds } = await computePeaks({ path, probe })
    return { kind: 'analysed', probe: { ...probe, durationSeconds }, levels }
  } catch (error) {
    if (!(error instanceof UnreadableAudio)) throw error
    return { kind: 'unreadable', expected: error.expected, found: error.found }
  }
}
