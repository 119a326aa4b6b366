import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  type SignedBody,
  verifyElevenLabsSignature,
  verifyRetellSignature,
  verifyVapiHmac,
  verifyVapiSecret,
} from './signatures.ts'

const OK = { ok: true }
const refused = (reason: string) => ({ ok: false, reason })

describe('verifyRetellSignature', () => {
  const rawBody = Buffer.from('{"event":"call_ended","call":{"call_id":"c1"}}')
  const digest = '6029c2d993ab3d983a3fb7bc8fe67761d0cce6932bc726c8dcf9bf72f08dbb68'
  const signedAt = 1778699295274
  const check = (change: {
    header?: string | undefined
    secret?: string
    body?: SignedBody
    now?: Date
  }) =>
    verifyRetellSignature({
      body: () => [rawBody],
      header: `v=${signedAt},d=${digest}`,
      secret: 'key_sample',
      now: new Date(signedAt + 1000),
      ...change,
    })

  it('takes the signature of the provider', async () => expect(await check({})).toEqual(OK))

  it('takes a body that arrives in pieces', async () => {
    async function* pieces() {
      for (const byte of rawBody) yield Buffer.of(byte)
    }
    expect(await check({ body: pieces })).toEqual(OK)
  })

  it('takes it up to 5 minutes off, either way', async () => {
    expect(await check({ now: new Date(signedAt + 300_000) })).toEqual(OK)
    expect(await check({ now: new Date(signedAt + 300_001) })).toEqual(refused('too-old'))
    expect(await check({ now: new Date(signedAt - 300_001) })).toEqual(refused('too-old'))
  })

  it('refuses another body, another secret and another time', async () => {
    expect(await check({ body: () => [rawBody, Buffer.from(' ')] })).toEqual(refused('mismatch'))
    expect(await check({ secret: 'key_other' })).toEqual(refused('mismatch'))
    expect(await check({ header: `v=${signedAt + 1},d=${digest}` })).toEqual(refused('mismatch'))
  })

  it('tells a missing header from a malformed one', async () => {
    expect(await check({ header: undefined })).toEqual(refused('missing'))
    expect(await check({ header: '' })).toEqual(refused('missing'))
    for (const header of [
      'nonsense',
      digest,
      `v=x,d=${digest}`,
      `v=${signedAt},d=${digest}00`,
      `v=${signedAt},d=zz`,
    ]) {
      expect(await check({ header })).toEqual(refused('malformed'))
    }
  })

  it('matches nothing against an empty secret', async () => {
    const forged = createHmac('sha256', '').update(rawBody).update(String(signedAt)).digest('hex')
    expect(await check({ secret: '', header: `v=${signedAt},d=${forged}` })).toEqual(
      refused('mismatch'),
    )
  })
})

describe('verifyElevenLabsSignature', () => {
  const rawBody = Buffer.from(
    '{"type":"post_call_transcription","event_timestamp":1739537297,"data":{}}',
  )
  const digest = '164ce887117c33f15f8fdafef88c10c7fb900d913e022af190c3a99671f05fd8'
  const check = (change: { header?: string | undefined; now?: Date; secret?: string }) =>
    verifyElevenLabsSignature({
      body: () => [rawBody],
      header: `t=1739537297,v0=${digest}`,
      secret: 'wsec_sample',
      now: new Date(1739537300_000),
      ...change,
    })

  it('takes the signature of the provider', async () => expect(await check({})).toEqual(OK))

  it('takes one of several digests, with spaces between the parts', async () => {
    expect(await check({ header: `t=1739537297, v0=${'0'.repeat(64)} , v0=${digest}` })).toEqual(OK)
  })

  it('takes it up to 30 minutes old, and from a clock that is ahead', async () => {
    expect(await check({ now: new Date((1739537297 + 1800) * 1000) })).toEqual(OK)
    expect(await check({ now: new Date((1739537297 + 1801) * 1000) })).toEqual(refused('too-old'))
    expect(await check({ now: new Date((1739537297 - 7200) * 1000) })).toEqual(OK)
  })

  it('refuses the rest', async () => {
    expect(await check({ header: undefined })).toEqual(refused('missing'))
    for (const header of ['t=1739537297', `v0=${digest}`, `t=x,v0=${digest}`, 't=1739537297,v0=']) {
      expect(await check({ header })).toEqual(refused('malformed'))
    }
    expect(await check({ secret: 'wsec_other' })).toEqual(refused('mismatch'))
    expect(await check({ header: `t=1739537298,v0=${digest}` })).toEqual(refused('mismatch'))
  })
})

describe('verifyVapiSecret', () => {
  it('takes the plain secret, with or without the bearer prefix', () => {
    for (const header of ['hush', 'Bearer hush', 'bearer  hush', ' hush ']) {
      expect(verifyVapiSecret({ header, secret: 'hush' })).toEqual(OK)
    }
  })

  it('refuses anything else, and everything against an empty secret', () => {
    expect(verifyVapiSecret({ header: undefined, secret: 'hush' })).toEqual(refused('missing'))
    expect(verifyVapiSecret({ header: 'hus', secret: 'hush' })).toEqual(refused('mismatch'))
    expect(verifyVapiSecret({ header: 'hush!', secret: 'hush' })).toEqual(refused('mismatch'))
    expect(verifyVapiSecret({ header: '', secret: '' })).toEqual(refused('missing'))
    expect(verifyVapiSecret({ header: 'Bearer ', secret: '' })).toEqual(refused('mismatch'))
  })
})

describe('verifyVapiHmac', () => {
  const rawBody = Buffer.from('{"message":{"type":"end-of-call-report"}}')
  const sign = (data: string) => createHmac('sha256', 'hush').update(data).digest()
  const now = new Date(1767225600_000)
  const check = (header: string | undefined, timestamp?: string) =>
    verifyVapiHmac({ body: () => [rawBody], header, timestamp, secret: 'hush', now })

  it('takes hex and base64 over the body, with and without a prefix', async () => {
    const digest = sign(String(rawBody))
    for (const text of [digest.toString('hex'), digest.toString('base64')]) {
      expect(await check(text)).toEqual(OK)
      expect(await check(`sha256=${text}`)).toEqual(OK)
    }
  })

  it('takes a digest over timestamp and body, in s, ms or ISO text, up to 30 minutes off', async () => {
    for (const time of ['1767225600', '1767225600000', '2026-01-01T00:00:00Z', '1767223800']) {
      expect(await check(sign(`${time}.${rawBody}`).toString('hex'), time)).toEqual(OK)
    }
    // 1767225600 - 1801
    expect(await check(sign(`1767223799.${rawBody}`).toString('hex'), '1767223799')).toEqual(
      refused('too-old'),
    )
  })

  it('does not judge the age of a time that is not signed', async () => {
    expect(await check(sign(String(rawBody)).toString('hex'), '1')).toEqual(OK)
  })

  it('refuses the rest', async () => {
    expect(await check(undefined)).toEqual(refused('missing'))
    for (const header of ['abc', 'sha256=', sign('x').toString('hex').slice(1)]) {
      expect(await check(header)).toEqual(refused('malformed'))
    }
    expect(await check(sign(`${rawBody}\n`).toString('hex'))).toEqual(refused('mismatch'))
    expect(await check(sign(`1767225600.${rawBody}`).toString('hex'), '1767225601')).toEqual(
      refused('mismatch'),
    )
  })
})
