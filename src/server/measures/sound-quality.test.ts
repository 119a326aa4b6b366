import { describe, expect, it } from 'vitest'
import type { ChannelSpeech } from '#contract/recording-speech.ts'
import { aCall, aChannel, agentSays, aSound, measured } from './measured-call-builder.ts'
import type { MeasuredCall } from './prepare-call.ts'

const AGENT = aChannel([[0, 5]], {
  meanPitchHz: 201.26,
  speechLevelDbfs: -21.4,
  noiseLevelDbfs: -60,
  clippedShare: 0.000_12,
})
const CALLER = aChannel([[6, 9]], {
  meanPitchHz: 120,
  speechLevelDbfs: -18,
  noiseLevelDbfs: -33.5,
  clippedShare: 0.012_345_678,
})

function heard(
  channels: ChannelSpeech[],
  { agentChannel = 0 }: { agentChannel?: 0 | 1 | null } = {},
): MeasuredCall {
  const speech = aSound({ channels, areChannelsSeparable: channels.length === 2 })
  return aCall({ heard: { speech, agentChannel } })
}

describe('average pitch', () => {
  it('is that of the agent’s channel', () => {
    expect(measured('get_average_pitch', heard([AGENT, CALLER]))).toMatchObject({
      score: 201.3,
      basis: 'audio',
      explanation: 'The agent’s voice has 201 Hz on average.',
    })
    expect(measured('get_average_pitch', heard([AGENT, CALLER], { agentChannel: 1 })).score).toBe(
      120,
    )
  })

  it('does not apply to mono, to an unknown channel, to a voice that is never clear', () => {
    for (const call of [
      heard([AGENT]),
      heard([AGENT, CALLER], { agentChannel: null }),
      heard([{ ...AGENT, meanPitchHz: null }, CALLER]),
    ]) {
      expect(measured('get_average_pitch', call)).toMatchObject({
        state: 'skipped',
        skipReason: 'no-input',
        score: null,
      })
    }
  })
})

describe('speech loudness', () => {
  it('is that of the agent', () => {
    expect(measured('get_speech_loudness', heard([AGENT, CALLER]))).toMatchObject({
      score: -21.4,
      explanation: 'The agent’s speech has a level of -21.4 dBFS.',
    })
  })

  it('is that of everyone where nobody knows whose it is', () => {
    expect(measured('get_speech_loudness', heard([AGENT]))).toMatchObject({
      score: -21.4,
      explanation: 'Speech of both sides has a level of -21.4 dBFS.',
    })
    expect(
      measured('get_speech_loudness', heard([AGENT, CALLER], { agentChannel: null })),
    ).toMatchObject({
      score: -18,
      explanation: 'Speech on the louder channel has a level of -18 dBFS.',
    })
  })

  it('does not apply without speech', () => {
    expect(measured('get_speech_loudness', heard([aChannel([])]))).toMatchObject({
      state: 'skipped',
      explanation: 'No speech is heard in the recording.',
    })
  })
})

describe('signal-to-noise ratio', () => {
  it('is that of the noisier channel', () => {
    // -21.4 - -60 = 38.6 and -18 - -33.5 = 15.5
    expect(measured('get_signal_to_noise_ratio', heard([AGENT, CALLER]))).toMatchObject({
      score: 15.5,
      basis: 'audio',
      explanation: 'Speech is 15.5 dB louder than the rest, on the noisier channel.',
    })
    expect(measured('get_signal_to_noise_ratio', heard([AGENT]))).toMatchObject({
      score: 38.6,
      explanation: 'Speech is 38.6 dB louder than the rest.',
    })
  })

  it('does not apply where speech fills the recording', () => {
    const call = heard([{ ...AGENT, noiseLevelDbfs: null }])
    expect(measured('get_signal_to_noise_ratio', call)).toMatchObject({ state: 'skipped' })
  })
})

describe('clipping', () => {
  it('is the part of the worse channel, in per cent', () => {
    // 0.012345678 · 100, with four decimals
    expect(measured('get_clipping', heard([AGENT, CALLER]))).toMatchObject({
      score: 1.2346,
      basis: 'audio',
      explanation: '1.2346 % of the sound stands at full scale.',
    })
    expect(measured('get_clipping', heard([aChannel([])]))).toMatchObject({
      score: 0,
      explanation: 'Nothing is clipped.',
    })
  })
})

describe('every measure of the sound', () => {
  it.each([
    'get_average_pitch',
    'get_speech_loudness',
    'get_signal_to_noise_ratio',
    'get_clipping',
  ])('%s does not apply without a recording', (name) => {
    expect(measured(name, aCall({ segments: [agentSays([0, 1])] }))).toMatchObject({
      state: 'skipped',
      skipReason: 'no-input',
      explanation: 'There is no recording that could be listened to.',
    })
  })
})
