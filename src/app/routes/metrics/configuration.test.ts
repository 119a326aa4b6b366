import { expect, it } from 'vitest'
import { configurationFields } from './configuration.ts'

it('offers the catalogue’s keys with the metric’s own values, each in its kind', () => {
  const fields = configurationFields({
    defaults: { silence_duration: 10, words: [] },
    own: { silence_duration: 6, strict: true, nodes: [{ name: 'x' }] },
  })
  expect(fields).toEqual([
    { kind: 'number', key: 'silence_duration', label: 'Silence duration', unit: 's', value: 6 },
    { kind: 'list', key: 'words', label: 'Words', value: [] },
    { kind: 'boolean', key: 'strict', label: 'Strict', value: true },
    { kind: 'other', key: 'nodes', label: 'Nodes', value: [{ name: 'x' }] },
  ])
})
