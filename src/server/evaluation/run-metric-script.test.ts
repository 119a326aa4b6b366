import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scored } from '#contract/metric-result.ts'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { type EvaluationInput, findEvaluationInput } from '../store/evaluation-input.ts'
import { scriptData } from './run-metric-script.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let call: EvaluationInput

beforeEach(async () => {
  store = await openTemporaryDatabase()
  const calls = [{ callId: 'c', content: saying('Hello?'), fields: { topic: 'refund' } }]
  const [id = 0] = await storeCalls(store.database, calls)
  const found = await findEvaluationInput(store.database.reader, id)
  if (found === null) throw new Error('no call')
  call = found
})

afterEach(() => store.close())

const stretchesOf = (startSeconds: number, endSeconds: number) => ({
  stretches: [{ startSeconds, endSeconds }],
  meanPitchHz: null,
  speechLevelDbfs: null,
  noiseLevelDbfs: null,
  clippedShare: 0,
})

describe('scriptData', () => {
  it('gives results under their names, and keeps its own names for itself', () => {
    const results = new Map([
      ['Politeness', scored({ score: 5, explanation: 'Kind.' })],
      ['topic', scored({ valueText: 'billing', explanation: 'Asks for a bill.' })],
    ])
    const data = scriptData(call, results)
    expect(data).toMatchObject({
      Politeness: 5,
      topic: 'refund',
      explanation: { topic: 'Asks for a bill.' },
    })
    expect(data.metrics).toEqual({
      Politeness: { value: 5, explanation: 'Kind.' },
      topic: { value: 'billing', explanation: 'Asks for a bill.' },
    })
  })

  it('gives what was heard in the shape of the API', () => {
    const channels = [stretchesOf(0, 1), stretchesOf(2, 3)]
    const speech = { engine: 'energy', durationSeconds: 4, channels, areChannelsSeparable: true }
    const heard = { speech, agentChannel: 1 as const, sampleRateHz: 8000 }
    expect(scriptData({ ...call, heard }, new Map()).recording_data).toEqual({
      has_audio_data: true,
      sample_rate: 8000,
      // 4 s at 8,000 Hz.
      shape: [32_000, 2],
      separable_channels: true,
      total_duration: 4,
      main_speaking: [[2, 3]],
      testing_speaking: [[0, 1]],
    })
    expect(scriptData(call, new Map()).recording_data).toBeNull()
  })
})
