import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { filterCurl } from './curl-text.ts'

describe('filterCurl', () => {
  it('gives the shell the filter as it is, quotes and dollars included', () => {
    const filter = {
      operator: 'and',
      conditions: [{ field: 'topic', op: 'eq', value: `it's "$HOME" \`x\`` }],
    } as const
    const command = filterCurl({ origin: 'https://calls.example', filter, search: "o'clock" })
    // A function in the place of curl prints each of its arguments on a line.
    const script = `curl() { printf '%s\\n' "$@"; }; TALKTRACK_API_KEY=secret; ${command}`
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim().split('\n')).toEqual([
      '-G',
      'https://calls.example/observability/v1/call-logs-external/',
      '-H',
      'X-CEKURA-API-KEY: secret',
      '--data-urlencode',
      `filters_v2=${JSON.stringify(filter)}`,
      '--data-urlencode',
      "search=o'clock",
    ])
  })
})
