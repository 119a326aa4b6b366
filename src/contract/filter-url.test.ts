import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyFilter } from '#testing/filter-arbitrary.ts'
import { EVERY_CALL, FILTER_LIMITS, type FilterGroup, type FilterNode } from './filter.ts'
import { issueText } from './filter-parse.ts'
import { filterForAddress, readFilter, spellFilter } from './filter-url.ts'

function and(...conditions: FilterNode[]): FilterGroup {
  return { operator: 'and', conditions }
}

function or(...conditions: FilterNode[]): FilterGroup {
  return { operator: 'or', conditions }
}

const slow: FilterNode = { field: 'duration', op: 'gte', value: 60 }
const refund: FilterNode = { field: 'topic', op: 'contains', value: 'refund' }

function faults(text: string): [offset: number | undefined, message: string][] {
  const parsed = readFilter(text)
  return parsed.ok ? [] : parsed.issues.map((issue) => [issue.offset, issueText(issue)])
}

describe('spellFilter and readFilter', () => {
  it('lose nothing on the way to an address and back', () => {
    fc.assert(
      fc.property(anyFilter(), (filter) => {
        const text = spellFilter(filter)
        expect(readFilter(text)).toEqual({ ok: true, filter })
        expect(text.length).toBeLessThanOrEqual(JSON.stringify(filter).length)

        const params = new URLSearchParams({ filter: text }).toString()
        expect(new URLSearchParams(params).get('filter')).toBe(text)

        const address = new URL(`http://localhost/calls?filter=${filterForAddress(text)}&page=2`)
        expect(address.searchParams.get('filter')).toBe(text)
        expect(address.search).toBe(`?filter=${filterForAddress(text)}&page=2`)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['', EVERY_CALL],
    ['duration.gte.60', and(slow)],
    ['duration.gte.60,topic.contains.refund', and(slow, refund)],
    ['or(duration.gte.60,topic.contains.refund)', or(slow, refund)],
    ['duration.gte.60,or(topic.contains.refund)', and(slow, or(refund))],
    ['and(or(topic.contains.refund))', and(or(refund))],
    ['~duration.gte.60,~or()', and({ ...slow, disabled: true }, { ...or(), disabled: true })],
    ['~and(duration.gte.60)', { ...and(slow), disabled: true }],
    [
      'metadata.order.plan.in.(gold,"a,b","7",7)',
      and({ field: 'metadata.order.plan', op: 'in', value: ['gold', 'a,b', '7', 7] }),
    ],
    ['metadata.a.eq.b.eq.c', and({ field: 'metadata.a', op: 'eq', value: 'b.eq.c' })],
    ['"metadata.in.x".eq.1', and({ field: 'metadata.in.x', op: 'eq', value: 1 })],
    ['"metadata.a,(b)".eq."\\"\\\\"', and({ field: 'metadata.a,(b)', op: 'eq', value: '"\\' })],
    ['topic.eq.""', and({ field: 'topic', op: 'eq', value: '' })],
    ['topic.eq.null', and({ field: 'topic', op: 'eq', value: null })],
    ['topic.eq."null"', and({ field: 'topic', op: 'eq', value: 'null' })],
    ['metadata.vip.eq.true', and({ field: 'metadata.vip', op: 'eq', value: true })],
    ['metadata.vip.eq."true"', and({ field: 'metadata.vip', op: 'eq', value: 'true' })],
    ['call_id.eq.60', and({ field: 'call_id', op: 'eq', value: '60' })],
    ['metadata.zip.eq.00501', and({ field: 'metadata.zip', op: 'eq', value: '00501' })],
    ['topic.regex.^\\d+ x$', and({ field: 'topic', op: 'regex', value: '^\\d+ x$' })],
    [
      'timestamp.gte.2026-03-31T10:00Z',
      and({ field: 'timestamp', op: 'gte', value: '2026-03-31T10:00Z' }),
    ],
    ['tag.in.()', and({ field: 'tag', op: 'in', value: [] })],
  ] as [string, FilterGroup][])('spell and read %j', (text, filter) => {
    expect(spellFilter(filter)).toBe(text)
    expect(readFilter(text)).toEqual({ ok: true, filter })
  })
})

describe('filterForAddress', () => {
  it('leaves a filter readable', () => {
    const text =
      'duration.gte.60,or(topic.contains.refund,timestamp.gte.2026-03-31T10:00Z),~tag.eq.a b'
    expect(filterForAddress(text)).toBe(text.replace('a b', 'a+b'))
  })
})

describe('readFilter', () => {
  it('reads what a person types, with blanks and with names of their own', () => {
    const typed = ' and( duration.gte.1:00 , or(topic.contains.refund) ) '
    expect(readFilter(typed)).toEqual({ ok: true, filter: and(slow, or(refund)) })
    expect(readFilter('agent_id.in.( 1, 2 )')).toEqual({
      ok: true,
      filter: and({ field: 'agent.id', op: 'in', value: [1, 2] }),
    })
    expect(readFilter('metadata.in.plan.eq.gold')).toEqual({
      ok: true,
      filter: and({ field: 'metadata.in.plan', op: 'eq', value: 'gold' }),
    })
    expect(readFilter('   ')).toEqual({ ok: true, filter: EVERY_CALL })
  })

  it('survives being typed into an address without any encoding', () => {
    const text = 'duration.gte.60,~or(topic.contains."a, (b)",metadata.größe.in.(1,"x"))'
    const typed = new URL(`http://localhost/calls?filter=${text}`).searchParams.get('filter') ?? ''
    expect(typed).toBe(text)
    expect(readFilter(typed).ok).toBe(true)
  })

  it('reads JSON too', () => {
    expect(readFilter(JSON.stringify(or(slow)))).toEqual({ ok: true, filter: or(slow) })
  })

  it.each([
    ['duration', 0, 'character 1: expected a rule as in duration.gte.60 or a group as in or(…)'],
    ['duration.gte.60,', 16, 'character 17: expected a rule as in'],
    ['xor(duration.gte.60)', 0, 'character 1: expected a rule as in'],
    ['or(duration.gte.60', 18, 'character 19: expected “,” or “)”, got the end'],
    ['duration.gte.60)', 15, 'character 16: expected “,” or the end, got “)”'],
    ['topic.eq.a(b)', 10, 'character 11: expected text with ( ) , or " to stand in double quotes'],
    ['topic.eq.a"b"', 10, 'character 11: expected text with ( ) , or " to stand in double quotes'],
    ['topic.eq.', 9, 'character 10: expected a value; empty text is ""'],
    ['tag.in.(a,,b)', 10, 'character 11: expected a value; empty text is "", got “,”'],
    ['tag.in.(a', 9, 'character 10: expected “,” or “)”, got the end'],
    ['topic.eq."a', 9, 'character 10: expected text up to a closing "'],
    ['topic.eq."a\\b"', 9, 'character 10: expected text up to a closing "'],
    ['"metadata.a"eq.1', 12, 'character 13: expected an operator and a value after the field'],
  ])('says where the spelling of %j goes wrong', (text, offset, message) => {
    const [[place, complaint] = []] = faults(text)
    expect(place).toBe(offset)
    expect(complaint).toContain(message)
  })

  it('says where a value, an operator or a field has no meaning', () => {
    const text = 'or(duration.gte.soon,~topic.is.x),tag.in.(a,true),"metdata.a".eq.1'
    const found = faults(text)
    expect(found.map(([offset]) => offset)).toEqual(
      ['soon', 'is.x', 'true', '"metdata'].map((part) => text.indexOf(part)),
    )
    expect(found[0]?.[1]).toBe(
      'conditions[0].conditions[0].value: expected a number of seconds, got "soon"',
    )
  })

  it('never throws, and accepts only what it can spell again', () => {
    const bits = ['and(', ')', '(', ',', '.', '"', '\\', '~', '60', ' ', '😀', '']
    let accepted = 0
    fc.assert(
      fc.property(
        anyFilter(),
        fc.nat(),
        fc.oneof(fc.constantFrom(...bits), fc.string()),
        (filter, place, bit) => {
          const text = spellFilter(filter)
          const at = place % (text.length + 1)
          const parsed = readFilter(text.slice(0, at) + bit + text.slice(at + 1))
          if (parsed.ok) {
            accepted++
            expect(readFilter(spellFilter(parsed.filter))).toEqual(parsed)
          } else {
            expect(parsed.issues[0]?.message).not.toBe('')
          }
        },
      ),
      { numRuns: 2000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  it('takes no longer than its length deserves', () => {
    const { totalLength } = FILTER_LIMITS
    const bombs = [
      '.'.repeat(totalLength),
      '.eq'.repeat(totalLength / 3),
      `tag.in.(${'"",'.repeat(totalLength / 3 - 10)}`,
      `topic.eq."${'\\"'.repeat(totalLength / 2 - 10)}`,
      'and(),'.repeat(totalLength / 6),
    ]
    const start = performance.now()
    for (const bomb of bombs) expect(readFilter(bomb).ok).toBe(false)
    // A few milliseconds each; what grows with the square of the length takes minutes.
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('is not brought down by depth or length', () => {
    expect(faults('and('.repeat(10_000))[0]?.[1]).toContain('groups in at most 16 levels')
    expect(faults('a'.repeat(60_001))[0]?.[1]).toBe('expected at most 60000 characters in all')
    expect(faults(`topic.eq."${'a'.repeat(59_000)}"`)[0]?.[1]).toContain('at most 500 characters')
  })
})
