import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { epochSeconds } from './formats/clock.ts'

export type SignatureCheck =
  | { ok: true }
  /** `too-old`: the signature is right, but its time lies outside the allowed age; a clock may be wrong. */
  | { ok: false; reason: 'missing' | 'malformed' | 'too-old' | 'mismatch' }

/** The bytes as received, as often as asked for; a body that was parsed and written again no longer matches. */
export type SignedBody = () => AsyncIterable<Buffer> | Iterable<Buffer>

type SignedRequest = { body: SignedBody; header: string | undefined; secret: string }

const RETELL_MAX_AGE_SECONDS = 5 * 60
const ELEVENLABS_MAX_AGE_SECONDS = 30 * 60
const VAPI_MAX_AGE_SECONDS = 30 * 60
const SHA256_HEX = /^[0-9a-f]{64}$/i
const SHA256_BASE64 = /^[A-Za-z0-9+/]{43}=$/

/**
 * `x-retell-signature: v=<epoch ms>,d=<hex>`, HMAC-SHA256 over body and digits, at most 5 minutes from `now`.
 * The secret is the API key with the webhook badge. Source: retell-sdk, and https://docs.retellai.com, webhooks.
 */
export async function verifyRetellSignature(
  request: SignedRequest & { now: Date },
): Promise<SignatureCheck> {
  const { body, header, secret, now } = request
  if (!header) return refused('missing')
  const [, digits, digest] = /^v=(\d{1,15}),d=([0-9a-f]{64})$/i.exec(header.trim()) ?? []
  if (digits === undefined || digest === undefined) return refused('malformed')
  if (!(await isDigestOf(Buffer.from(digest, 'hex'), secret, [body, digits])))
    return refused('mismatch')
  return checkAge(Math.abs(now.getTime() - Number(digits)) / 1000, RETELL_MAX_AGE_SECONDS)
}

/**
 * `ElevenLabs-Signature: t=<unix s>,v0=<hex>`, HMAC-SHA256 over `<t>.<body>`, at most 30 minutes old; one of
 * several `v0` is enough, as while a secret is rotated. Source: https://elevenlabs.io/docs, post-call webhooks.
 */
export async function verifyElevenLabsSignature(
  request: SignedRequest & { now: Date },
): Promise<SignatureCheck> {
  const { body, header, secret, now } = request
  if (!header) return refused('missing')
  const parts = header.split(',').map((part) => part.trim())
  const digits = parts.map((part) => /^t=(\d{1,12})$/.exec(part)?.[1]).find(Boolean)
  const digests = parts.flatMap((part) => /^v0=([0-9a-f]{64})$/i.exec(part)?.[1] ?? [])
  if (digits === undefined || digests.length === 0) return refused('malformed')
  const expected = await digestOf(secret, [`${digits}.`, body])
  if (!digests.some((digest) => isSameDigest(Buffer.from(digest, 'hex'), expected))) {
    return refused('mismatch')
  }
  return checkAge(now.getTime() / 1000 - Number(digits), ELEVENLABS_MAX_AGE_SECONDS)
}

/** `X-Vapi-Secret`, or a bearer token with or without its prefix: the plain secret itself. */
export function verifyVapiSecret(request: {
  header: string | undefined
  secret: string
}): SignatureCheck {
  const sent = request.header?.trim().replace(/^Bearer\s+/i, '')
  if (!sent) return refused('missing')
  return isSameText(sent, request.secret) ? { ok: true } : refused('mismatch')
}

/**
 * Vapi's HMAC credential with sha256, as hex or base64, with or without a prefix such as `sha256=`, over the body
 * or over `<timestamp>.<body>`. A signed timestamp in numbers or ISO 8601 may be 30 minutes off; one in any other
 * spelling is not judged by age. Source: https://docs.vapi.ai, server authentication.
 */
export async function verifyVapiHmac(
  request: SignedRequest & { timestamp: string | undefined; now: Date },
): Promise<SignatureCheck> {
  const { body, header, timestamp, secret, now } = request
  if (!header) return refused('missing')
  const digest = readDigest(header)
  if (digest === null) return refused('malformed')
  if (timestamp && (await isDigestOf(digest, secret, [`${timestamp}.`, body]))) {
    const seconds = epochSeconds(timestamp)
    const age = seconds === null ? 0 : Math.abs(now.getTime() / 1000 - seconds)
    return checkAge(age, VAPI_MAX_AGE_SECONDS)
  }
  return (await isDigestOf(digest, secret, [body])) ? { ok: true } : refused('mismatch')
}

function refused(reason: Extract<SignatureCheck, { ok: false }>['reason']): SignatureCheck {
  return { ok: false, reason }
}

function checkAge(ageSeconds: number, maxAgeSeconds: number): SignatureCheck {
  return ageSeconds <= maxAgeSeconds ? { ok: true } : refused('too-old')
}

/** A prefix ends at its `=`, which is also base64's padding: so the digest is looked for at the end. */
function readDigest(header: string): Buffer | null {
  const text = header.trim().replace(/^[a-z0-9_-]{1,12}=(?=.)/i, '')
  if (SHA256_HEX.test(text)) return Buffer.from(text, 'hex')
  return SHA256_BASE64.test(text) ? Buffer.from(text, 'base64') : null
}

async function isDigestOf(
  digest: Buffer,
  secret: string,
  parts: readonly (string | SignedBody)[],
): Promise<boolean> {
  return isSameDigest(digest, await digestOf(secret, parts))
}

/** HMAC-SHA256 over the parts in order; null for an empty secret, with which anybody can sign. */
async function digestOf(
  secret: string,
  parts: readonly (string | SignedBody)[],
): Promise<Buffer | null> {
  if (secret === '') return null
  const hmac = createHmac('sha256', secret)
  for (const part of parts) {
    if (typeof part === 'string') hmac.update(part)
    else for await (const bytes of part()) hmac.update(bytes)
  }
  return hmac.digest()
}

function isSameDigest(sent: Buffer, expected: Buffer | null): boolean {
  return expected !== null && sent.length === expected.length && timingSafeEqual(sent, expected)
}

/** Hashed first, because the constant-time comparison needs equal lengths and the length is a secret too. */
function isSameText(sent: string, secret: string): boolean {
  if (secret === '') return false
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(sent), hash(secret))
}
