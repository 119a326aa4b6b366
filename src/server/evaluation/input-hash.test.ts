import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { type EvaluationInput, findEvaluationInput } from '../store/evaluation-input.ts'
import { withoutFoundNames } from './found-names.ts'
import { hashInput } from './input-hash.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let call: EvaluationInput

beforeAll(async () => {
  store = await openTemporaryDatabase()
  const [id = 0] = await storeCalls(store.database, [{ callId: 'c', content: saying('Hello?') }])
  const found = await findEvaluationInput(store.database.reader, id)
  if (found === null) throw new Error('no call')
  call = found
})

afterAll(() => store.close())

const heard = {
  speech: { engine: 'none', durationSeconds: 1, channels: [], areChannelsSeparable: false },
  agentChannel: null,
  sampleRateHz: 8000,
}

describe('hashInput', () => {
  it.each<
    [keyof EvaluationInput, Partial<EvaluationInput>, (keyof ReturnType<typeof hashInput>)[]]
  >([
    ['segments', { segments: [] }, ['measured', 'said', 'scripted']],
    ['durationSeconds', { durationSeconds: 9 }, ['measured', 'said', 'scripted']],
    ['startedAt', { startedAt: 9 }, ['said', 'scripted']],
    ['topic', { topic: 'refund' }, ['said', 'scripted']],
    ['heard', { heard }, ['measured', 'scripted']],
    ['customerNumber', { customerNumber: '+49' }, ['scripted']],
    ['dropoffPoint', { dropoffPoint: 'payment' }, ['scripted']],
    ['callId', { callId: 'other' }, []],
  ])('changes with %s for those who are shown it', (_, change, expected) => {
    const before = hashInput(call)
    const after = hashInput({ ...call, ...change })
    const changed = (['measured', 'said', 'scripted'] as const).filter(
      (part) => before[part] !== after[part],
    )
    expect(changed).toEqual(expected)
  })
})

describe('withoutFoundNames', () => {
  it('takes away a topic that a metric found, and none that the sender gave', () => {
    const named = { topic: 'refund', dropoffPoint: 'payment' }
    const labels = new Map([
      ['topic-of-call', 'refund'],
      ['dropoff-node', 'greeting'],
    ])
    expect(withoutFoundNames(named, labels)).toEqual({ topic: '', dropoffPoint: 'payment' })
    expect(withoutFoundNames(named, new Map())).toEqual(named)
  })
})
