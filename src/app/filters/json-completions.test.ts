import { CompletionContext } from '@codemirror/autocomplete'
import { json } from '@codemirror/lang-json'
import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { createFieldCatalog } from './field-catalog.ts'
import { filterCompletions } from './json-completions.ts'

const catalog = createFieldCatalog({
  attributes: [{ name: 'metadata.plan', hasText: true, hasNumber: false }],
  metrics: [],
})

const source = filterCompletions(() => ({
  catalog,
  loadValues: async (field) => [{ text: JSON.stringify(`a ${field}`), count: 3 }],
}))

/** What is offered where the bar stands. */
async function offered(text: string): Promise<string[]> {
  const pos = text.indexOf('|')
  const state = EditorState.create({ doc: text.replace('|', ''), extensions: [json()] })
  const result = await source(new CompletionContext(state, pos, true))
  return result?.options.map(({ label }) => label) ?? []
}

describe('filterCompletions', () => {
  it('offers the keys that a rule or a group still lacks', async () => {
    expect(await offered('{"field": "topic", "|"}')).toEqual(['"op"', '"value"', '"disabled"'])
    expect(await offered('{"operator": "and", |}')).toEqual(['"conditions"', '"disabled"'])
  })

  it('offers every field, those of the data included', async () => {
    const fields = await offered('{"field": "|"}')
    expect(fields).toContain('"duration"')
    expect(fields).toContain('"metadata.plan"')
  })

  it('offers the operators of the field beside it', async () => {
    expect(await offered('{"field": "transcript", "op": "|"}')).toEqual(['"contains"', '"isnull"'])
    expect(await offered('{"operator": "|"}')).toContain('"same_row"')
  })

  it('offers the values of the field: its choices, yes and no, or what calls have', async () => {
    expect(await offered('{"field": "outcome", "op": "eq", "value": "|"}')).toContain('"failure"')
    expect(await offered('{"field": "success", "op": "eq", "value": |}')).toEqual(['true', 'false'])
    expect(await offered('{"field": "topic", "op": "in", "value": ["|"]}')).toEqual(['"a topic"'])
  })
})
