import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { CatalogueEntry } from './catalogue-entry.ts'
import { COMPUTED_METRICS } from './computed-metrics.ts'
import { JUDGED_METRICS } from './judged-metrics.ts'
import { UNAVAILABLE_METRICS } from './unavailable-metrics.ts'

const DOCS = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')

/** The rows of the tables under a heading, without those that head a table. */
function rowsUnder(heading: string): string[] {
  const [, section = ''] = DOCS.split(`\n## ${heading}\n`)
  const [text = ''] = section.split('\n## ')
  return text.split('\n').filter((line) => /^\| (?!metric|code|---)/.test(line))
}

function row(entry: CatalogueEntry): string {
  const { name, code, description, direction, inputs, isOnByDefault, unavailable } = entry
  const last = unavailable ?? (isOnByDefault ? 'on' : 'off')
  const cells = [
    name,
    `\`${code}\``,
    description,
    direction,
    answerOf(entry),
    inputs.join(', '),
    last,
  ]
  return `| ${cells.join(' | ')} |`
}

function answerOf({ content: { evalType, unit, range, enumValues } }: CatalogueEntry): string {
  const labels = enumValues.map((label) => `\`${label}\``).join(' ')
  const bounds = range ? `${range.min} to ${range.max}` : ''
  return [evalType === 'binary' ? 'yes or no' : evalType, bounds, unit, labels]
    .filter(Boolean)
    .join(', ')
}

describe('docs/metrics.md', () => {
  it('lists every computed metric, in the catalogue’s order', () => {
    expect(rowsUnder('Computed metrics')).toEqual(COMPUTED_METRICS.map(row))
  })

  it('says of every computed metric where its times come from and what happens at the edges', () => {
    const rows = rowsUnder('Times and edges').map((line) => line.split(' | '))
    expect(rows.map(([code]) => code)).toEqual(COMPUTED_METRICS.map(({ code }) => `| \`${code}\``))
    expect(rows.filter((cells) => cells.length !== 3 || cells.includes(''))).toEqual([])
  })

  it('lists every metric that the judge is asked for', () => {
    expect(rowsUnder('Judged metrics')).toEqual(JUDGED_METRICS.map(row))
  })

  it('lists what this version cannot compute, and why', () => {
    expect(rowsUnder('Not computed')).toEqual(UNAVAILABLE_METRICS.map(row))
  })
})
