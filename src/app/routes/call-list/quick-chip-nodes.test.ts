import { describe, expect, it } from 'vitest'
import { EVERY_CALL, type FilterGroup } from '#contract/filter.ts'
import { readFilter, spellFilter } from '#contract/filter-url.ts'
import { isChosen, toggleChip } from './quick-chip-nodes.ts'
import { QUICK_CHIPS } from './quick-chips.ts'

function filterOf(text: string): FilterGroup {
  const parsed = readFilter(text)
  if (!parsed.ok) throw new Error(parsed.issues.map(({ message }) => message).join())
  return parsed.filter
}

const sentiment = {
  id: 7,
  name: 'Sentiment',
  evalType: 'enum' as const,
  unit: '',
  enumValues: ['positive', 'Negative'],
}

describe('toggleChip', () => {
  it.each(QUICK_CHIPS)('$label adds its node and takes exactly that one away again', ({ id }) => {
    const before = filterOf('topic.contains.refund,or(tag.eq.vip,duration.gt.60)')
    const after = toggleChip(before, { id, metrics: [sentiment] })
    expect(isChosen(after, id)).toBe(true)
    expect(after.conditions).toHaveLength(3)
    expect(toggleChip(after, { id, metrics: [] })).toEqual(before)
  })

  it.each(QUICK_CHIPS)('$label is still seen after its way through a link', ({ id }) => {
    const filter = toggleChip(EVERY_CALL, { id, metrics: [sentiment] })
    expect(isChosen(filterOf(spellFilter(filter)), id)).toBe(true)
  })

  it('asks for a negative sentiment where a metric has that label, and is seen without it too', () => {
    const id = 'negative-feedback'
    const withMetric = toggleChip(EVERY_CALL, { id, metrics: [sentiment] })
    expect(spellFilter(withMetric)).toBe(
      'and(or(outcome.eq.reviewed_failure,disagrees_with_judge.eq.true,metric_evaluations.7.value.eq.Negative))',
    )
    expect(isChosen(toggleChip(EVERY_CALL, { id, metrics: [] }), id)).toBe(true)
    expect(isChosen(filterOf('and(or(outcome.eq.reviewed_failure,topic.eq.x))'), id)).toBe(false)
  })

  it('narrows a filter that is one "or" instead of widening it', () => {
    const after = toggleChip(filterOf('or(topic.eq.a,topic.eq.b)'), {
      id: 'slow',
      metrics: [],
    })
    expect(spellFilter(after)).toBe('or(topic.eq.a,topic.eq.b),longest_response_gap.gt.3')
  })

  it('asks again what was switched off, once', () => {
    const after = toggleChip(filterOf('~longest_response_gap.gt.3'), {
      id: 'slow',
      metrics: [],
    })
    expect(spellFilter(after)).toBe('longest_response_gap.gt.3')
  })
})
