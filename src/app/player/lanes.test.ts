import { describe, expect, it } from 'vitest'
import { lanesOf } from './lanes.ts'

describe('lanesOf', () => {
  it('puts the agent on top, on whichever channel it speaks', () => {
    const lanes = lanesOf({ channels: 2, agentChannel: 1 })
    expect(lanes.map(({ channel, voice }) => [channel, voice])).toEqual([
      [1, 'agent'],
      [0, 'caller'],
    ])
  })

  it('has one lane for a mono recording', () => {
    expect(lanesOf({ channels: 1, agentChannel: null })).toEqual([
      { channel: 0, voice: 'both', label: 'Both' },
    ])
  })

  it('does not guess who speaks where', () => {
    const lanes = lanesOf({ channels: 2, agentChannel: null })
    expect(lanes.map(({ label, voice }) => [label, voice])).toEqual([
      ['Ch 1', 'unknown'],
      ['Ch 2', 'unknown'],
    ])
  })
})
