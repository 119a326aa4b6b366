import { describe, expect, it } from 'vitest'
import type { PeakLevel } from '#contract/recording.ts'
import type { Segment, Speaker } from '#contract/transcript.ts'
import { detectAgentChannel } from './agent-channel.ts'

function says(speaker: Speaker, startSeconds: number | null, endSeconds: number | null): Segment {
  return { kind: 'speech', speaker, text: 'x', startSeconds, endSeconds } as Segment
}

/** Ten points a second; one digit per second and channel: 0 is silence, 9 is loud. */
function level(...channels: readonly string[]): PeakLevel {
  const bytes = channels.flatMap((seconds) =>
    Array.from(seconds, (digit) => Array<number>(10).fill(Number(digit) * 28)).flat(),
  )
  return { pointsPerSecond: 10, channels: channels.length, bytes: Uint8Array.from(bytes) }
}

const TURNS = [says('agent', 0, 2), says('caller', 2, 4)]

describe('detectAgentChannel', () => {
  it('is the channel that is loud while the agent speaks', () => {
    expect(detectAgentChannel(TURNS, level('9900', '0099'))).toBe(0)
    expect(detectAgentChannel(TURNS, level('0099', '9900'))).toBe(1)
  })

  it('is told by either speaker alone', () => {
    expect(detectAgentChannel([says('agent', 0, 2)], level('9900', '0099'))).toBe(0)
    expect(detectAgentChannel([says('caller', 0, 2)], level('9900', '0099'))).toBe(1)
  })

  it('hears a quiet line through the echo of the loud one', () => {
    // agent: 3 against 2 (echo of the other side), caller: 9 against 6
    expect(detectAgentChannel(TURNS, level('3366', '2299'))).toBe(0)
  })

  it('is unknown for mono, dual mono, silence, and a transcript without times', () => {
    expect(detectAgentChannel(TURNS, undefined)).toBeNull()
    expect(detectAgentChannel(TURNS, level('9999'))).toBeNull()
    expect(detectAgentChannel(TURNS, level('9999', '9999'))).toBeNull()
    expect(detectAgentChannel(TURNS, level('0000', '0000'))).toBeNull()
    expect(detectAgentChannel([says('agent', null, null)], level('99', '00'))).toBeNull()
    expect(detectAgentChannel([says('agent', 0, null)], level('99', '00'))).toBeNull()
    expect(detectAgentChannel([], level('9900', '0099'))).toBeNull()
  })

  it('does not read beyond the recording', () => {
    expect(detectAgentChannel([says('agent', -5, 90)], level('99', '00'))).toBe(0)
    expect(detectAgentChannel([says('agent', 50, 90)], level('99', '00'))).toBeNull()
  })
})
