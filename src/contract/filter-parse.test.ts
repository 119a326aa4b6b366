import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyFilter } from '#testing/filter-arbitrary.ts'
import { CALL_FIELDS, EVERY_CALL, FILTER_LIMITS, findField, opsOf } from './filter.ts'
import { issueText, type ParsedFilter, parseFilter, parseFilterJson } from './filter-parse.ts'

const slow = { field: 'duration', op: 'gte', value: 60 }

function and(...conditions: unknown[]) {
  return { operator: 'and', conditions }
}

/** The value of a lone rule once it is normalised. */
function normalised(field: string, op: string, value: unknown) {
  const parsed = parseFilter({ field, op, value })
  if (!parsed.ok) throw new Error(messages(parsed).join('\n'))
  const [rule] = parsed.filter.conditions
  return rule !== undefined && 'value' in rule ? rule.value : undefined
}

function messages(parsed: ParsedFilter): string[] {
  return parsed.ok ? [] : parsed.issues.map(issueText)
}

function complaint(field: string, op: string, value: unknown): string {
  const [first = 'none'] = messages(parseFilter({ field, op, value }))
  return first
}

describe('parseFilter', () => {
  it('gives every normalised filter back unchanged, also through JSON', () => {
    fc.assert(
      fc.property(anyFilter(), (filter) => {
        expect(parseFilter(filter)).toEqual({ ok: true, filter })
        expect(parseFilterJson(JSON.stringify(filter, null, 2))).toEqual({ ok: true, filter })
      }),
      { numRuns: 1000 },
    )
  })

  it('never throws, whatever it is given, and says what is wrong', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything({ withBigInt: true, withNullPrototype: true }), nearlyAFilter()),
        (input) => {
          const parsed = parseFilter(input)
          if (parsed.ok) {
            expect(parseFilter(parsed.filter)).toEqual(parsed)
            return
          }
          expect(parsed.issues.length).toBeGreaterThan(0)
          expect(parsed.issues.length).toBeLessThanOrEqual(20)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('wraps a lone rule and takes an empty root for every call', () => {
    expect(parseFilter(slow)).toEqual({ ok: true, filter: and(slow) })
    for (const input of [{}, { operator: 'or', conditions: [] }, { ...and(), disabled: true }]) {
      expect(parseFilter(input)).toEqual({ ok: true, filter: EVERY_CALL })
    }
  })

  it('calls fields by their own names', () => {
    const parsed = parseFilter({ field: 'agent_id', op: 'in', value: '1, 2' })
    expect(parsed).toMatchObject({ filter: and({ field: 'agent.id', op: 'in', value: [1, 2] }) })
    const numbered = parseFilter({ field: 'metric_evaluations.035.score', op: 'gt', value: '1' })
    expect(numbered).toMatchObject({
      filter: and({ field: 'metric_evaluations.35.score', value: 1 }),
    })
  })

  it('gives values the type of their field', () => {
    expect(normalised('duration', 'gt', '1:30')).toBe(90)
    expect(normalised('duration', 'gt', ' 1:02:03 ')).toBe(3723) // 3600 + 2 * 60 + 3
    expect(normalised('duration', 'gt', '1e2')).toBe(100)
    expect(Object.is(normalised('duration', 'gt', -0), 0)).toBe(true)
    expect(normalised('success', 'eq', 'True')).toBe(true)
    expect(normalised('success', 'isnull', 'false')).toBe(false)
    expect(normalised('call_id', 'eq', 60)).toBe('60')
    expect(normalised('topic', 'in', 'refund, order status,')).toEqual(['refund', 'order status'])
    expect(normalised('timestamp', 'gte', ' now-7d ')).toBe('now-7d')
    expect(normalised('metadata.n', 'contains', 5)).toBe('5')
  })

  it('keeps the types of metadata and of null apart', () => {
    expect(normalised('metadata.n', 'eq', 60)).toBe(60)
    expect(normalised('metadata.n', 'eq', '60')).toBe('60')
    expect(normalised('metadata.n', 'in', [true, 'true', null, ''])).toEqual([
      true,
      'true',
      null,
      '',
    ])
    expect(normalised('topic', 'eq', null)).toBeNull()
  })

  it('takes the names that objects inherit for the plain text they are', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(complaint(name, 'eq', 1)).toMatch(`field: unknown field "${name}"`)
      expect(parseFilter({ field: `metadata.${name}`, op: 'eq', value: name }).ok).toBe(true)
      expect(complaint('topic', name, 'x')).toMatch(/^op: expected one of eq, /)
    }
    const sent = '{"field":"topic","op":"eq","value":"x","__proto__":{"disabled":true}}'
    expect(messages(parseFilterJson(sent))).toEqual([
      'unknown key "__proto__"; expected field, op, value, disabled',
    ])
    const inherited = Object.create(slow) as unknown
    expect(parseFilter(inherited)).toEqual({ ok: true, filter: EVERY_CALL })
  })

  it('names every mistake by its place', () => {
    const input = and(
      { field: 'durations', op: 'gt', value: 1 },
      and({ field: 'duration', op: 'gt', value: 'soon' }, { field: 'topic', op: 'gt', value: 'x' }),
      { field: 'tag', op: 'in', value: ['a', {}, true] },
      { operator: 'xor', conditions: {} },
      7,
    )
    const parsed = parseFilter(input)
    expect(messages(parsed).map((text) => text.replace(/ Valid fields.*/, ''))).toEqual([
      'conditions[0].field: unknown field "durations"; did you mean “duration”?',
      'conditions[1].conditions[0].value: expected a number of seconds, got "soon"',
      'conditions[1].conditions[1].op: expected one of eq, neq, contains, startswith, endswith, regex, in, isnull for “topic”, got "gt"',
      'conditions[2].value[1]: expected text, got an object',
      'conditions[2].value[2]: expected text, got true',
      'conditions[3].operator: expected one of and, or, not, same_row, got "xor"',
      'conditions[3].conditions: expected a list, got an object',
      'conditions[4]: expected a rule {"field", "op", "value"} or a group {"operator", "conditions"}, got 7',
    ])
    expect(parsed.ok ? [] : parsed.issues.map(({ nodePath }) => nodePath)).toEqual([
      [0],
      [1, 0],
      [1, 1],
      [2],
      [2],
      [3],
      [3],
      [4],
    ])
  })

  it('lists the fields there are, once', () => {
    const unknown = { field: 'metadta.plan', op: 'eq', value: 1 }
    const [first, second] = messages(parseFilter(and(unknown, unknown)))
    for (const name of Object.keys(CALL_FIELDS)) expect(first).toContain(name)
    expect(first).toContain('metadata.<path>')
    expect(second).toBe('conditions[1].field: unknown field "metadta.plan"')
  })

  it('suggests a field by the last part of its name', () => {
    expect(complaint('assistent_id', 'eq', 1)).toContain('did you mean “assistant_id”')
    expect(complaint('confidense', 'eq', 1)).toContain('“metric_evaluations.confidence”')
  })

  it('refuses a node that is both rule and group, or neither, and keys it does not know', () => {
    expect(messages(parseFilter({ ...slow, operator: 'and' }))).toEqual([
      expect.stringContaining('got one with both; a rule compares with “op”'),
    ])
    expect(messages(parseFilter({ filed: 'x' }))).toEqual([
      expect.stringContaining('got an object with "filed"'),
    ])
    expect(messages(parseFilter({ ...slow, disable: true }))).toEqual([
      'unknown key "disable"; expected field, op, value, disabled; did you mean “disabled”?',
    ])
    expect(messages(parseFilter({ ...slow, disabled: 1 }))).toEqual([
      'disabled: expected true or false, got 1',
    ])
    expect(messages(parseFilter({ field: 'topic', op: 'eq' }))).toEqual([
      'value: expected a value, got none',
    ])
  })

  it('drops “disabled” where it is false and keeps it where it is true', () => {
    expect(parseFilter({ ...slow, disabled: false })).toEqual({ ok: true, filter: and(slow) })
    const disabled = { ...slow, disabled: true }
    expect(parseFilter(disabled)).toEqual({ ok: true, filter: and(disabled) })
  })

  it.each([
    ['duration', 'gt', Number.NaN, 'expected a number of seconds, got NaN'],
    ['duration', 'gt', '1e999', 'expected a number of seconds, got "1e999"'],
    ['duration', 'gt', null, 'expected a number of seconds, got null'],
    ['duration', 'eq', [60], 'expected a number of seconds, got a list of 1'],
    ['silence_share', 'gt', '50%', 'expected a share from 0 to 1, got "50%"'],
    ['agent.id', 'in', 5, 'expected a list or text with commas, got 5'],
    ['topic', 'in', null, 'expected a list or text with commas, got null'],
    ['topic', 'contains', null, 'expected text, got null'],
    ['topic', 'isnull', null, 'expected true or false, got null'],
    ['success', 'eq', 1, 'expected true or false, got 1'],
    ['metadata.x', 'gt', true, 'expected a number or text, got true'],
    ['metadata.x', 'eq', {}, 'expected text, a number, true, false or null, got an object'],
    ['metadata.x', 'eq', 'a\0b', 'expected text without NUL and half characters, got "a\\u0000b"'],
    ['metadata.x', 'eq', '\ud800', 'expected text without NUL and half characters, got "\ufffd"'],
    ['timestamp', 'gt', 'soon', 'expected a time such as'],
    ['timestamp', 'gt', 1767225600, 'expected a time such as'],
    ['status', 'eq', 'Failure', 'expected one of evaluating, success, failure'],
    ['topic', 'regex', 'a'.repeat(201), 'expected a pattern of at most 200 characters'],
    ['topic', 'eq', 'a'.repeat(501), 'expected at most 500 characters'],
    ['topic', 'in', 'a,'.repeat(1001), 'expected at most 1000 values, got a list of 1001'],
  ])('refuses %s %s %j', (field, op, value, message) => {
    expect(complaint(field, op, value)).toContain(`value: ${message}`)
  })

  it('leaves the syntax of patterns to who can judge it', () => {
    const rule = { field: 'topic', op: 'regex', value: '(a)\\1' }
    expect(parseFilter(rule).ok).toBe(true)
    expect(messages(parseFilter(rule, { isPattern: () => false }))).toEqual([
      'value: expected a pattern in RE2 syntax (no look-around, no back-references), got "(a)\\\\1"',
    ])
  })

  it('refuses patterns of large programs, also without a judge of their syntax', () => {
    const refused = 'expected repetitions and Unicode classes that make at most 1200 steps in all'
    expect(complaint('topic', 'regex', '((a{11}){11}){11}')).toContain(refused) // 11 · 11 · 11 = 1331
    expect(complaint('topic', 'regex', '\\pL{1000}'.repeat(20))).toContain(refused)
    expect(parseFilter({ field: 'topic', op: 'regex', value: '.{0,1000}fee' }).ok).toBe(true)
  })

  it('allows as many patterns as it says, and no more', () => {
    const { patterns } = FILTER_LIMITS
    let asked = 0
    const isPattern = () => {
      asked++
      return true
    }
    const rule = { field: 'topic', op: 'regex', value: 'a', disabled: true }
    expect(parseFilter(and(...Array(patterns).fill(rule)), { isPattern }).ok).toBe(true)
    asked = 0
    expect(messages(parseFilter(and(...Array(199).fill(rule)), { isPattern }))).toEqual([
      `conditions[${patterns}].op: expected at most ${patterns} rules with “regex” in all`,
    ])
    expect(asked).toBe(patterns) // none of those beyond
  })

  it('allows as many levels and nodes as it says, and no more', () => {
    const { depth, nodes } = FILTER_LIMITS
    expect(parseFilter(nested(depth)).ok).toBe(true)
    expect(messages(parseFilter(nested(depth + 1)))).toEqual([
      `${Array.from({ length: depth }, () => 'conditions[0]').join('.')}: expected groups in at most ${depth} levels`,
    ])
    // The root counts as one.
    expect(parseFilter(and(...Array(nodes - 1).fill(slow))).ok).toBe(true)
    expect(messages(parseFilter(and(...Array(nodes).fill(slow))))).toEqual([
      `conditions[${nodes - 1}]: expected at most ${nodes} rules and groups in all`,
    ])
  })

  it('survives bombs: depth, width, circles', () => {
    expect(parseFilter(nested(100_000)).ok).toBe(false)
    expect(parseFilter({ operator: 'and', conditions: Array(1_000_000).fill({}) }).ok).toBe(false)
    const circle: { operator: string; conditions: unknown[] } = { operator: 'and', conditions: [] }
    circle.conditions.push(circle)
    expect(parseFilter(circle).ok).toBe(false)
    const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, 1]))
    expect(messages(parseFilter({ ...slow, ...wide }))).toHaveLength(20)
  })

  it('refuses what is too long in all', () => {
    const long = { field: 'topic', op: 'in', value: Array(200).fill('a'.repeat(400)) }
    expect(messages(parseFilter(long))).toEqual(['expected at most 60000 characters in all'])
    expect(messages(parseFilterJson(`${' '.repeat(60_000)}{}`))).toEqual([
      'expected at most 60000 characters in all',
    ])
  })
})

describe('parseFilterJson', () => {
  it('says line and column of what is no JSON', () => {
    expect(parseFilterJson('{\n  "field": topic\n}')).toEqual({
      ok: false,
      issues: [
        {
          path: '',
          nodePath: [],
          offset: 13, // "{\n" is 2, `  "field": ` 11 more
          message: 'line 2, column 12: expected a value, got “t”',
        },
      ],
    })
  })

  it('takes blank text for every call', () => {
    expect(parseFilterJson(' \n')).toEqual({ ok: true, filter: EVERY_CALL })
  })
})

function nested(levels: number): unknown {
  let node: unknown = and()
  for (let level = 1; level < levels; level++) node = and(node)
  return node
}

/** Trees of the right shape with anything in them. */
function nearlyAFilter(): fc.Arbitrary<unknown> {
  const field = fc.constantFrom(
    ...Object.keys(CALL_FIELDS),
    'metadata.a',
    'metric_evaluations.value',
  )
  const rule = fc.record(
    {
      field: fc.oneof({ weight: 5, arbitrary: field }, fc.string()),
      op: fc.constantFrom(...opsOf({ kind: 'any' }), 'is'),
      value: fc.oneof(fc.jsonValue(), fc.string(), fc.double(), fc.array(fc.string())),
    },
    { requiredKeys: ['field', 'op'] },
  )
  const group = fc.record({
    operator: fc.constantFrom('and', 'or', 'not', 'nor'),
    conditions: fc.array(rule, { maxLength: 3 }),
  })
  return fc.oneof(
    rule,
    group,
    fc.array(group).map((groups) => and(...groups)),
  )
}

describe('the fields', () => {
  it('all take a value with each of their operators', () => {
    for (const name of [
      ...Object.keys(CALL_FIELDS),
      'metadata.a.b',
      'metric_evaluations.7.value',
    ]) {
      const field = findField(name)
      expect(field?.name).toBe(name)
      for (const op of opsOf(field ?? { kind: 'any' })) {
        const value =
          op === 'in' ? [] : op === 'isnull' ? true : exampleOf(field?.kind, field?.choices)
        expect(messages(parseFilter({ field: name, op, value }))).toEqual([])
      }
    }
  })
})

function exampleOf(kind = 'any', choices: readonly { value: string }[] = []) {
  if (kind === 'boolean') return true
  if (kind === 'time') return 'today'
  return choices[0]?.value ?? '1'
}
