import { describe, expect, it } from 'vitest'
import { readJson } from './read-json.ts'

describe('readJson', () => {
  it.each([
    ['{"a":1}'],
    ['\n {"a":1} \n'],
    ['```json\n{"a":1}\n```'],
    ['```\n{"a":1}\n```'],
    ['Sure! {"a":1} Anything else?'],
    ['<think>maybe {"a":2}</think>{"a":1}'],
    ['maybe {"a":2}</think>\n\n```json\n{"a":1}\n```'],
  ])('finds the object in %j', (text) => {
    expect(readJson(text)).toEqual({ ok: true, value: { a: 1 } })
  })

  it('finds a list among words', () => {
    expect(readJson('The marks: [3, 4].')).toEqual({ ok: true, value: [3, 4] })
  })

  it('leaves what looks like a fence or reasoning inside JSON alone', () => {
    const value = { code: '```js\nx\n```', tag: '</think>' }
    expect(readJson(JSON.stringify(value))).toEqual({ ok: true, value })
  })

  it.each([[''], ['no'], ['{"a":'], ['{"a":1} or {"a":2}'], ['}{'], ['```']])(
    'finds none in %j',
    (text) => {
      expect(readJson(text)).toEqual({ ok: false })
    },
  )
})
