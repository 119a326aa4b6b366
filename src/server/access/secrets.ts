import { createHash, randomBytes } from 'node:crypto'

const KEY_PREFIX = 'tt_'
const SHOWN_CHARACTERS = 7

/** A new API key: 256 random bits, with a prefix by which leaked keys can be found. */
export function newApiKey(): string {
  return KEY_PREFIX + randomBytes(32).toString('base64url')
}

/** A new session or sign-in token: 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a key or token. Plain SHA-256 is enough for 256 random bits, and quick on each request. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** The first characters of a key, for telling keys apart in a list. */
export function keyHint(key: string): string {
  return `${key.slice(0, SHOWN_CHARACTERS)}••••`
}
