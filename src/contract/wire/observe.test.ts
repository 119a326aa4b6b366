import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  PATCHABLE_FIELDS,
  RedactField,
  show,
  WireCallLogPatch,
  WireObserve,
  WireTimestamp,
} from './observe.ts'

const body = (fields: Record<string, unknown> = {}) => ({ call_id: 'c', agent: 1, ...fields })

/** The messages of what is wrong with a body, with their paths. */
function issuesOf(value: unknown): string[] {
  const { error } = WireObserve.safeParse(value)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('WireObserve', () => {
  it('reads a form as it reads JSON', () => {
    const json = WireObserve.parse(
      body({
        agent: 7,
        metadata: { a: [1] },
        dynamic_variables: { b: 2 },
        redact_fields: ['ssn'],
        metric_ids: '1,2',
        main_agent_channel_index: 1,
        defer_evaluation: true,
      }),
    )
    const form = WireObserve.parse(
      body({
        agent: '7',
        metadata: '{"a":[1]}',
        dynamic_variables: '{"b":2}',
        redact_fields: '["ssn"]',
        metric_ids: '1,2',
        main_agent_channel_index: '1',
        defer_evaluation: 'true',
      }),
    )
    expect(form).toEqual(json)
  })

  it.each([null, ''])('reads %j as absent in every optional field', (nothing) => {
    const optional = Object.keys(WireObserve.shape).filter(
      (name) => name !== 'call_id' && name !== 'agent' && name !== 'transcript_json',
    )
    const blanks = Object.fromEntries(optional.map((name) => [name, nothing]))
    expect(JSON.stringify(WireObserve.parse(body(blanks)))).toBe('{"call_id":"c","agent":1}')
  })

  it('trims texts, and keeps fields that it does not know', () => {
    expect(
      WireObserve.parse(body({ call_id: ' c ', customer_number: ' +1 ', shoe: 42 })),
    ).toMatchObject({
      call_id: 'c',
      customer_number: '+1',
      shoe: 42,
    })
  })

  it.each([
    ['118,119', [118, 119]],
    [' 118 , 119, ', [118, 119]],
    [118, [118]],
    [
      [118, '119'],
      [118, 119],
    ],
  ])('reads the metric ids %j', (metric_ids, expected) => {
    expect(WireObserve.parse(body({ metric_ids })).metric_ids).toEqual(expected)
  })

  it.each([
    [{ call_id: undefined }, 'call_id: This field is required.'],
    [{ call_id: '  ' }, 'call_id: This field may not be blank.'],
    [{ call_id: null }, 'call_id: Expected text, got null.'],
    [{ call_id: true }, 'call_id: Expected text, got true.'],
    [{ call_id: 'a\0b' }, 'call_id: Null characters are not allowed.'],
    [{ call_id: 'x'.repeat(101) }, 'call_id: Ensure this field has no more than 100 characters.'],
    [{ agent: 'x' }, 'agent: Expected a whole number, got "x".'],
    [{ agent: 2 ** 60 }, 'agent: Expected a whole number, got 1152921504606847000.'],
    [{ agent: null }, 'agent: This field is required unless assistant_id is given.'],
    [{ metadata: '[1]' }, 'metadata: Expected a JSON object, got [1].'],
    [{ metadata: '{"a":' }, 'metadata: Expected a JSON object, got "{\\"a\\":".'],
    [
      { metric_ids: '1,x' },
      'metric_ids: Expected comma-separated metric ids such as "118,119", got "x".',
    ],
    [{ main_agent_channel_index: 2 }, 'main_agent_channel_index: Expected 0 or 1, got 2.'],
    [{ defer_evaluation: 'maybe' }, 'defer_evaluation: Expected true or false, got "maybe".'],
    [{ trace_id: 'x'.repeat(33) }, 'trace_id: Ensure this field has no more than 32 characters.'],
    [{ voice_recording_url: 'x' }, 'voice_recording_url: Expected an http or https URL, got "x".'],
    [{ redact_fields: 7 }, 'redact_fields: Expected a list of field names, got 7.'],
  ])('refuses %j', (fields, issue) => {
    expect(issuesOf(body(fields))).toEqual([issue])
  })

  it('does not look into JSON text that is nested without end', () => {
    const metadata = '{"a":'.repeat(10_000)
    expect(issuesOf(body({ metadata }))).toEqual([
      expect.stringMatching(/^metadata: Expected a JSON object/),
    ])
  })

  it('knows 29 kinds of personal data', () => {
    expect(RedactField.options).toHaveLength(29)
    expect(
      WireObserve.parse(body({ redact_fields: RedactField.options })).redact_fields,
    ).toHaveLength(29)
  })

  it('never throws anything but its own errors', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom(...Object.keys(WireObserve.shape)) }),
        (value) => {
          expect(typeof WireObserve.safeParse(value).success).toBe('boolean')
          expect(typeof WireCallLogPatch.safeParse(value).success).toBe('boolean')
        },
      ),
    )
  })
})

describe('WireCallLogPatch', () => {
  it('takes what is left out as left out', () => {
    expect(WireCallLogPatch.parse({})).toEqual({})
  })

  it('empties texts that are null', () => {
    const patch = { feedback: null, call_ended_reason: null, customer_number: null }
    expect(WireCallLogPatch.parse(patch)).toEqual({
      feedback: '',
      call_ended_reason: '',
      customer_number: '',
    })
  })

  it('lists what can be set', () => {
    expect(PATCHABLE_FIELDS).toEqual(
      expect.arrayContaining(['status', 'feedback', 'call_id', 'transcript_json', 'metadata']),
    )
    expect(PATCHABLE_FIELDS).not.toContain('agent')
  })
})

describe('WireTimestamp', () => {
  it.each([
    ['2026-03-15T10:15:45Z', '2026-03-15T10:15:45.000Z'],
    ['2026-03-15T10:15:45z', '2026-03-15T10:15:45.000Z'],
    ['2026-03-15T10:15:45', '2026-03-15T10:15:45.000Z'],
    ['2026-03-15 10:15', '2026-03-15T10:15:00.000Z'],
    ['2026-03-15', '2026-03-15T00:00:00.000Z'],
    ['2025-07-31T11:16:07.084004Z', '2025-07-31T11:16:07.084Z'],
    ['2026-03-15T10:15:45+02:00', '2026-03-15T08:15:45.000Z'],
    ['2026-03-15T10:15:45-0530', '2026-03-15T15:45:45.000Z'],
    ['2026-03-15T10:15:45 02:00', '2026-03-15T08:15:45.000Z'],
    ['2026-03-15 10:15:45 +02:00', '2026-03-15T08:15:45.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['  2026-03-15  ', '2026-03-15T00:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(WireTimestamp.parse(text).toISOString()).toBe(iso)
  })

  it.each([
    '',
    'now',
    '2026-02-29T00:00:00Z',
    '2026-02-30',
    '2026-13-01',
    '2026-00-01',
    '2026-03-15T24:01:00Z',
    '2026-03-15T10:60:00Z',
    '2026-03-15T10:15:45+99:00',
    '2026-03-15T10Z',
    '2026-03-15Z nonsense',
    '15.03.2026',
    '1773569745',
  ])('refuses %j', (text) => {
    expect(WireTimestamp.safeParse(text).success).toBe(false)
  })

  it('reads back every moment that we write', () => {
    const moments = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(moments, (moment) => {
        expect(WireTimestamp.parse(moment.toISOString())).toEqual(moment)
      }),
    )
  })
})

describe('show', () => {
  it.each([
    [undefined, 'nothing'],
    ['a', '"a"'],
    [{ a: 1 }, '{"a":1}'],
    ['x'.repeat(100), `"${'x'.repeat(79)}…`],
  ])('quotes %j for an error message', (value, text) => {
    expect(show(value)).toBe(text)
  })
})
