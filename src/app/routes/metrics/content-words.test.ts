import { expect, it } from 'vitest'
import { contentDifferences, longTexts } from './content-words.ts'
import { NEW_METRIC } from './metric-draft.ts'

const content = { ...NEW_METRIC.content, prompt: 'Kind?' }

it('tells type, labels and trigger in words', () => {
  const after = {
    ...content,
    evalType: 'enum' as const,
    enumValues: ['a', 'b'],
    trigger: { kind: 'prompt' as const, prompt: 'A refund' },
  }
  expect(contentDifferences(content, after)).toEqual([
    'Type: Yes or no became Label, 2 of them',
    'Labels: nothing became a, b',
    'Applies: on every call became where the judge answers a question with yes: “A refund”',
  ])
})

it('leaves out texts that neither version has', () => {
  expect(longTexts(content, { ...content, prompt: '' })).toEqual([
    { label: 'Prompt', before: 'Kind?', after: '' },
  ])
})
