import { describe, expect, it } from 'vitest'
import { toScriptAnswer } from './read-answer.ts'
import type { Outcome } from './run-script.ts'

const LIMITS = { timeoutMs: 1000, maxMemoryBytes: 2 ** 25 }

function read(outcome: Outcome, logText = '[]') {
  return toScriptAnswer({ outcome, logText }, { code: 'one\ntwo', limits: LIMITS })
}

function readText(text: string | null) {
  return read({ kind: 'answered', text })
}

/** What only a script that took over the inside of the sandbox could send. */
describe('toScriptAnswer', () => {
  it.each([
    '',
    '{',
    'null',
    '[]',
    '"text"',
    '{"kind":{},"result":1}',
    '{"kind":"constructor","result":{}}',
    '{"kind":"__proto__"}',
    '{"kind":"object","result":{"toString":1,"valueOf":1}}',
    '{"kind":"boolean","result":1}',
    '{"kind":"number","result":null}',
    '{"kind":"number","result":1,"explanation":{"length":9}}',
    '{"kind":"number","result":1,"extra":"text"}',
    '{"kind":"number","result":1,"confidence":"high"}',
  ])('believes no forged answer: %s', (text) => {
    const answer = readText(text)
    expect(answer).toMatchObject({ kind: 'failed', reason: 'wrong-result' })
    expect('message' in answer && typeof answer.message).toBe('string')
  })

  it.each(['', '{}', '[1]', '{"length":3}'])('believes no forged log: %s', (logText) => {
    const answer = read({ kind: 'answered', text: '{"kind":"number","result":1}' }, logText)
    expect(answer).toMatchObject({ kind: 'answered', result: 1, log: [] })
  })

  it.each(['', '{}', '{"name":{},"message":1}'])('believes no forged error: %s', (errorText) => {
    const failed = { kind: 'failed', stage: 'run', isOverTime: false, isMemoryFull: false } as const
    expect(read({ ...failed, errorText })).toMatchObject({
      reason: 'threw',
      message: 'The script threw something unreadable',
    })
  })

  it('names no line that the script does not have', () => {
    const errorText = JSON.stringify({ name: 'E', message: 'm', stack: 'at f (script.js:99:1)' })
    const failed = { kind: 'failed', stage: 'run', isOverTime: false, isMemoryFull: false } as const
    expect(read({ ...failed, errorText })).toMatchObject({ message: 'E: m (line 2)' })
  })
})
