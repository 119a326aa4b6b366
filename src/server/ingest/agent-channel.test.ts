import { describe, expect, it } from 'vitest'
import type { PeakLevel } from '#contract/recording.ts'
import type { RecordingSpeech } from '#contract/recording-speech.ts'
import type { Segment, Speaker, Timing } from '#contract/transcript.ts'
import { detectAgentChannel } from './agent-channel.ts'

function says(
  speaker: Speaker,
  startSeconds: number | null,
  endSeconds: number | null,
  timing: Timing = 'given',
): Segment {
  return { kind: 'speech', speaker, text: 'x', startSeconds, endSeconds, timing }
}

/** Ten points a second; one digit per second and channel: 0 is silence, 9 is loud. */
function level(...channels: readonly string[]): PeakLevel {
  const bytes = channels.flatMap((seconds) =>
    Array.from(seconds, (digit) => Array<number>(10).fill(Number(digit) * 28)).flat(),
  )
  return { pointsPerSecond: 10, channels: channels.length, bytes: Uint8Array.from(bytes) }
}

/** Speech per channel, each stretch from and to a second. */
function speech(...channels: readonly (readonly [number, number])[][]): RecordingSpeech {
  return {
    engine: 'silero-v6',
    durationSeconds: 4,
    channels: channels.map((stretches) => ({
      stretches: stretches.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds })),
      meanPitchHz: null,
      speechLevelDbfs: null,
      noiseLevelDbfs: null,
      clippedShare: 0,
    })),
    areChannelsSeparable: channels.length === 2,
  }
}

/** As for a recording in which no speech is found. */
const detectByLoudness = (segments: readonly Segment[], loudness: PeakLevel | undefined) =>
  detectAgentChannel(segments, { speech: speech([], []), level: loudness })

const TURNS = [says('agent', 0, 2), says('caller', 2, 4)]

describe('detectAgentChannel by speech', () => {
  const bySpeech = (segments: readonly Segment[], heard: RecordingSpeech) =>
    detectAgentChannel(segments, { speech: heard, level: undefined })

  it('is the channel that speaks while the agent does', () => {
    expect(bySpeech(TURNS, speech([[0, 2]], [[2, 4]]))).toBe(0)
    expect(bySpeech(TURNS, speech([[2, 4]], [[0, 2]]))).toBe(1)
  })

  it('is told by either speaker alone, in any order of segments and across stretches', () => {
    expect(bySpeech([says('caller', 0, 2)], speech([[0, 2]], [[2, 4]]))).toBe(1)
    const sentences = [says('agent', 3, 4), says('agent', 0, 1), says('caller', 1, 3)]
    expect(
      bySpeech(
        sentences,
        speech(
          [
            [1.2, 2],
            [2.1, 2.9],
          ],
          [
            [0, 0.9],
            [3.1, 4],
          ],
        ),
      ),
    ).toBe(1)
  })

  it('counts more than loudness does', () => {
    // Hold music on channel 1 is loud all the time; the agent speaks on channel 0.
    const heard = { speech: speech([[0, 2]], [[2, 4]]), level: level('5500', '9999') }
    expect(detectAgentChannel([says('agent', 0, 2)], heard)).toBe(0)
    expect(detectByLoudness([says('agent', 0, 2)], heard.level)).toBe(1)
  })

  it('leaves it to loudness where speech does not tell', () => {
    const loud = level('9900', '0099')
    const ask = (segments: readonly Segment[], heard: RecordingSpeech) =>
      detectAgentChannel(segments, { speech: heard, level: loud })
    expect(ask(TURNS, { ...speech([[2, 4]], [[0, 2]]), areChannelsSeparable: false })).toBe(0)
    // 0.4 s in common may be chance.
    expect(ask(TURNS, speech([], [[1.6, 2]]))).toBe(0)
    // Both channels at all times.
    expect(ask(TURNS, speech([[0, 4]], [[0, 4]]))).toBe(0)
  })

  it('does not believe estimated times', () => {
    const estimated = [says('agent', 0, 2, 'estimated'), says('caller', 2, 4, 'estimated-end')]
    expect(bySpeech(estimated, speech([[0, 2]], [[2, 4]]))).toBeNull()
  })
})

describe('detectAgentChannel by loudness', () => {
  it('is the channel that is loud while the agent speaks', () => {
    expect(detectByLoudness(TURNS, level('9900', '0099'))).toBe(0)
    expect(detectByLoudness(TURNS, level('0099', '9900'))).toBe(1)
  })

  it('is told by either speaker alone', () => {
    expect(detectByLoudness([says('agent', 0, 2)], level('9900', '0099'))).toBe(0)
    expect(detectByLoudness([says('caller', 0, 2)], level('9900', '0099'))).toBe(1)
  })

  it('hears a quiet line through the echo of the loud one', () => {
    // agent: 3 against 2 (echo of the other side), caller: 9 against 6
    expect(detectByLoudness(TURNS, level('3366', '2299'))).toBe(0)
  })

  it('is unknown for mono, dual mono, silence, and a transcript without times', () => {
    expect(detectByLoudness(TURNS, undefined)).toBeNull()
    expect(detectByLoudness(TURNS, level('9999'))).toBeNull()
    expect(detectByLoudness(TURNS, level('9999', '9999'))).toBeNull()
    expect(detectByLoudness(TURNS, level('0000', '0000'))).toBeNull()
    expect(detectByLoudness([says('agent', null, null)], level('99', '00'))).toBeNull()
    expect(detectByLoudness([says('agent', 0, null)], level('99', '00'))).toBeNull()
    expect(detectByLoudness([], level('9900', '0099'))).toBeNull()
  })

  it('does not read beyond the recording', () => {
    expect(detectByLoudness([says('agent', -5, 90)], level('99', '00'))).toBe(0)
    expect(detectByLoudness([says('agent', 50, 90)], level('99', '00'))).toBeNull()
  })
})
