import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CallSortKey } from '#contract/call.ts'
import type { FilterNode } from '#contract/filter.ts'
import { readFilter, spellFilter } from '#contract/filter-url.ts'
import { COLUMN_WIDTH, FixedColumn } from './column-preferences.ts'
import {
  listQueryOf,
  parseUrlView,
  savedViewSearch,
  type UrlView,
  urlViewSearch,
  withUrlView,
} from './view-url.ts'

const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })

const anyRule: fc.Arbitrary<FilterNode> = fc.oneof(
  fc.record({
    field: fc.constantFrom('topic', 'metadata.order.plan', 'tag', 'call_id'),
    op: fc.constantFrom('eq' as const, 'neq' as const, 'contains' as const),
    value: anyText,
  }),
  fc.record({
    field: fc.constant('duration'),
    op: fc.constantFrom('gt' as const, 'lte' as const),
    value: fc.integer({ min: 0, max: 5000 }),
  }),
)

const anyFilterText = fc
  .array(
    fc.oneof(
      anyRule,
      fc.record({
        operator: fc.constantFrom('or' as const, 'not' as const),
        conditions: fc.array(anyRule, { minLength: 1, maxLength: 3 }),
      }),
    ),
    { maxLength: 4 },
  )
  .map((conditions) => spellFilter({ operator: 'and', conditions }))

const anyColumns = fc
  .uniqueArray(fc.constantFrom(...FixedColumn.options), { minLength: 1 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .option(fc.integer(COLUMN_WIDTH), { nil: undefined })
          .map((widthPixels) => (widthPixels === undefined ? { id } : { id, widthPixels })),
      ),
    ),
  )

const anyView: fc.Arbitrary<UrlView> = fc
  .record({
    search: fc.oneof(fc.constant(''), anyText),
    filter: anyFilterText,
    sort: fc
      .tuple(fc.constantFrom('', '-'), fc.constantFrom(...CallSortKey.options))
      .map(([minus, key]) => minus + key),
    columns: fc.option(anyColumns),
    density: fc.constantFrom(null, 'compact' as const, 'comfortable' as const),
    viewId: fc.option(fc.integer({ min: 1 })),
  })
  // Matches have one order, and only a search has matches.
  .filter(({ sort }) => !sort.endsWith('relevance'))

const parse = (search: string) => parseUrlView(new URLSearchParams(search))

describe('the view in the URL', () => {
  it('comes back unchanged from any view', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        expect(parse(urlViewSearch(view))).toEqual(view)
      }),
    )
  })

  it('survives an address bar that encodes everything', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const encoded = new URLSearchParams(urlViewSearch(view)).toString()
        expect(parse(encoded)).toEqual(view)
      }),
    )
  })

  it('is empty for the plain view and readable for any other', () => {
    expect(urlViewSearch(parse(''))).toBe('')
    const view = parse(
      'density=compact&cols=status,callId.220&sort=topic&filter=duration.gte.60,or(topic.contains.refund,tag.in.(a,b))&view=4',
    )
    expect(urlViewSearch(view)).toBe(
      '?view=4&filter=duration.gte.60,or(topic.contains.refund,tag.in.(a,b))&sort=topic&cols=status,callId.220&density=compact',
    )
  })

  it('turns the status and agent of older links into rules', () => {
    expect(parse('status=failure&agentId=3').filter).toBe('outcome.eq.failure,agent.id.eq.3')
    expect(parse('status=not-evaluated&filter=or(topic.eq.a,topic.eq.b)').filter).toBe(
      'or(topic.eq.a,topic.eq.b),outcome.eq.not-evaluated',
    )
    expect(parse('status=great&agentId=x').filter).toBe('')
  })

  it('keeps a filter that cannot be read instead of showing every call', () => {
    const view = parse('filter=duration.gte.soon')
    expect(listQueryOf(view)).toEqual({ filter: 'duration.gte.soon' })
    expect(urlViewSearch(view)).toBe('?filter=duration.gte.soon')
  })

  it('spells older links as the language would', () => {
    const { filter } = parse('status=reviewed_failure&agentId=12')
    const parsed = readFilter(filter)
    expect(parsed.ok && spellFilter(parsed.filter)).toBe(filter)
  })

  it('leaves a filter as JSON alone', () => {
    const json = '{"operator":"and","conditions":[{"field":"topic","op":"eq","value":"a"}]}'
    expect(parse(`filter=${encodeURIComponent(json)}`).filter).toBe(json)
  })

  it('leaves out what it does not know of the rest', () => {
    expect(
      parse('sort=-height&cols=status,colour,status.90,topic.9000&density=huge&view=x'),
    ).toEqual({
      ...parse(''),
      // A column once, and no wider than a person could make it.
      columns: [{ id: 'status' }, { id: 'topic', widthPixels: 640 }],
    })
  })

  it('orders by the best match only while searching', () => {
    expect(parse('sort=relevance').sort).toBe('-startedAt')
    expect(parse('sort=-relevance&search=refund').sort).toBe('relevance')
  })
})

describe('withUrlView', () => {
  it('exchanges the view and keeps what belongs to others', () => {
    const params = new URLSearchParams('add=1&status=success&t=12.5&sort=topic')
    expect(withUrlView(params, { ...parse(''), sort: 'topic', search: 'a & b' })).toBe(
      '?add=1&t=12.5&search=a+%26+b&sort=topic',
    )
  })
})

describe('savedViewSearch', () => {
  it('carries the whole state beside the number of the view', () => {
    const state = {
      search: '',
      filter: 'duration.gt.60',
      sort: '-startedAt',
      columns: [
        { id: 'callId' },
        { id: 'tags', widthPixels: 120 },
        { id: 'metric:7' },
        { id: 'metric:12', widthPixels: 90 },
      ],
      density: 'compact' as const,
    }
    expect(parse(savedViewSearch({ id: 9, state })).columns).toEqual(state.columns)
    expect(savedViewSearch({ id: 9, state })).toBe(
      '?view=9&filter=duration.gt.60&cols=callId,tags.120,metric:7,metric:12.90&density=compact',
    )
  })
})
