import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prettyJson, unwrapJsonText } from './pretty-json.ts'

describe('prettyJson', () => {
  it('lays out as JSON.stringify does', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
        (value) => {
          expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2))
        },
      ),
    )
  })

  it('keeps a number that JavaScript cannot hold', () => {
    expect(prettyJson('{"id":12345678901234567890}')).toBe('{\n  "id": 12345678901234567890\n}')
  })

  it('unwraps JSON that was sent as a string', () => {
    expect(prettyJson(JSON.stringify('{"ok":true}'))).toBe('{\n  "ok": true\n}')
  })

  it('leaves words, numbers and broken JSON alone', () => {
    for (const text of ['', 'not found', '"not found"', '42', 'null', '{"a":']) {
      expect(prettyJson(text)).toBeNull()
    }
  })
})

describe('unwrapJsonText', () => {
  it('takes the quotes and escapes off a text, and nothing else', () => {
    expect(unwrapJsonText('"no \\"slot\\" left"')).toBe('no "slot" left')
    for (const text of ['no slot left', '{"a":"b"}', '42', ''])
      expect(unwrapJsonText(text)).toBe(text)
  })
})
