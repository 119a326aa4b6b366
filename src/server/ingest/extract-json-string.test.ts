import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64, extractJsonString } from './extract-json-string.ts'

async function* inPieces(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  let from = 0
  for (const to of [...places, bytes.length]) {
    yield bytes.subarray(from, to)
    from = to
  }
}

async function split(text: string, cuts: readonly number[] = [], key = 'full_audio') {
  const found = { value: '', rest: '' }
  const parts: Record<'value' | 'rest', Buffer[]> = { value: [], rest: [] }
  for await (const { kind, bytes } of extractJsonString(inPieces(Buffer.from(text), cuts), key)) {
    parts[kind].push(Buffer.from(bytes))
  }
  found.value = Buffer.concat(parts.value).toString()
  found.rest = Buffer.concat(parts.rest).toString()
  return found
}

const cuts = fc.array(fc.nat(), { maxLength: 30 })
const jsonText = fc.oneof(fc.string({ unit: 'binary' }), fc.base64String())

describe('extractJsonString', () => {
  it('finds what JSON.parse finds, wherever the text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue({ maxDepth: 3 }),
        jsonText,
        fc.jsonValue({ maxDepth: 2 }),
        fc.constantFrom(undefined, 1, '\t'),
        cuts,
        async (before, value, after, indent, places) => {
          const text = JSON.stringify({ before, data: { full_audio: value, after } }, null, indent)
          // A key of this name inside `before` would rightly be taken first.
          fc.pre(!JSON.stringify(before).includes('"full_audio":'))
          const found = await split(text, places)
          expect(JSON.parse(`"${found.value}"`)).toBe(value)
          expect(JSON.parse(found.rest)).toEqual(
            JSON.parse(JSON.stringify({ before, data: { full_audio: '', after } })),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  it('passes on any bytes without loss, JSON or not', async () => {
    const pieces = fc.constantFrom('"full_audio"', '"', ':', '\\', '{', ' ', 'a', ',', 'é', '\\"')
    await fc.assert(
      fc.asyncProperty(fc.array(pieces), cuts, async (parts, places) => {
        const text = parts.join('')
        const { value, rest } = await split(text, places)
        expect(value.length + rest.length).toBe(text.length)
        expect(await split(text)).toEqual({ value, rest })
      }),
      { numRuns: 300 },
    )
  })

  it('takes the first text under the key, and neither other types nor texts that look like the key', async () => {
    const cases = [
      ['{"full_audio":null,"b":{"full_audio" : "AA=="}}', 'AA=='],
      ['{"a":"full_audio","b":"x"}', ''],
      ['{"a":"\\"full_audio\\":\\"x\\"","full_audio":"y"}', 'y'],
      ['{"full_audio_2":"x","xfull_audio":"z"}', ''],
      ['{"full_audio":"1","b":{"full_audio":"2"}}', '1'],
    ] as const
    for (const [text, value] of cases) expect((await split(text)).value).toBe(value)
  })
})

describe('decodeBase64', () => {
  async function decode(text: string, places: readonly number[] = []) {
    const parts: Buffer[] = []
    for await (const bytes of decodeBase64(inPieces(Buffer.from(text), places))) parts.push(bytes)
    return Buffer.concat(parts)
  }

  it('gives the bytes back, however it was written into the JSON and wherever it is cut', async () => {
    const writings: readonly ((base64: string) => string)[] = [
      (base64) => base64,
      (base64) => base64.replaceAll('/', '\\/'), // PHP
      (base64) => base64.replaceAll('+', '\\u002B').replaceAll('=', '\\u003d'), // .NET, Gson
      (base64) => base64.replace(/.{76}/g, '$&\\r\\n'), // MIME
      (base64) => base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''), // URLs
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(...writings),
        cuts,
        async (bytes, write, places) => {
          const text = write(Buffer.from(bytes).toString('base64'))
          expect([...(await decode(text, places))]).toEqual([...bytes])
        },
      ),
      { numRuns: 300 },
    )
  })
})
