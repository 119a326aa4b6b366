import { describe, expect, it } from 'vitest'
import { aCall, agentSays, measured, toolAnswers } from './measured-call-builder.ts'

const passed = (resultText: string, isError: boolean | null = null) =>
  measured('check_tool_call_success', aCall({ segments: [toolAnswers({ resultText, isError })] }))
    .passed

describe('tool call success', () => {
  it('is missing where the sender marks a result as an error', () => {
    const segments = [
      agentSays([0, 1]),
      toolAnswers({ resultText: '{"slots": 3}', isError: false }),
      toolAnswers({
        name: 'book_slot',
        resultText: 'taken',
        isError: true,
        startSeconds: 62.5,
        endSeconds: 63,
        timing: 'given',
      }),
    ]
    expect(measured('check_tool_call_success', aCall({ segments }))).toMatchObject({
      passed: false,
      score: 0,
      basis: 'transcript',
      explanation: '1 of 2 tool results is an error: book_slot (01:02).',
      evidence: [
        {
          segmentIndex: 2,
          quote: 'taken',
          startSeconds: 62.5,
          endSeconds: 63,
          note: 'book_slot: marked as an error by the sender',
        },
      ],
    })
  })

  it('is missing where the result speaks of an error and no flag denies it', () => {
    for (const text of [
      'Error: no such customer',
      '{"error": "not found"}',
      '{"error_code": 500}',
      'TimeoutError after 5 s',
      'The booking FAILED.',
    ]) {
      expect(passed(text), text).toBe(false)
    }
  })

  it('is missing where the result names an error, whatever the flag says', () => {
    for (const text of [
      '{"error": "not found"}',
      ' {"ok": false, "error": {"code": 500}}',
      '{"error": true}',
    ]) {
      expect(passed(text, false), text).toBe(false)
    }
  })

  it('stands where a flag outweighs words, and no error is named', () => {
    for (const text of [
      'Error: no such customer',
      'The booking FAILED.',
      '{"note": "an earlier error was mended"}',
      '{"last": {"error": "timeout"}}',
      '{"error": null}',
      '{"error": " "}',
      '{"error": []}',
      '{"error": "cut off',
      '["error"]',
    ]) {
      expect(passed(text, false), text).toBe(true)
    }
  })

  it('stands where the result says that there is no error', () => {
    for (const text of [
      '{"error": null, "slots": 3}',
      '{"is_error":false}',
      '{"errors": [], "failed": 0}',
      "{'error': None, 'slots': 3}",
      "{'is_error': False, 'errors': ''}",
      'Done with no errors',
      'Night terrors are treated by Dr Weiss',
      '',
    ]) {
      expect(passed(text), text).toBe(true)
    }
  })

  it('does not take a whole number that begins with 0 for none', () => {
    expect(passed('{"failed": 0.5}')).toBe(false)
    expect(passed("{'error': 'None of it worked'}")).toBe(false)
  })

  it('reads a long result in no time', () => {
    const text = `{"text": "${'error '.repeat(200_000)}"}`
    const before = performance.now()
    expect(passed(text)).toBe(false)
    expect(performance.now() - before).toBeLessThan(2000)
  })

  it('does not apply to a call without tool results', () => {
    expect(
      measured('check_tool_call_success', aCall({ segments: [agentSays(null)] })),
    ).toMatchObject({ state: 'skipped', skipReason: 'no-input' })
  })
})
