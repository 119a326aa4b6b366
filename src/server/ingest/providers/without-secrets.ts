import { isObject } from '../formats/json-value.ts'

/** Seen in webhook bodies, or known to be credentials in the providers' own types. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'twilioAuthToken',
  'authToken',
  'auth_token',
  'accessToken',
  'access_token',
  'apiKey',
  'api_key',
  'serverUrlSecret',
  'credentials',
])
/** ElevenLabs: dynamic variables named so are never shown to the model. */
const SECRET_PREFIX = 'secret__'
const SIGNATURE_PARAMETER =
  /[?&](x-amz-signature|x-goog-signature|signature|sig|token|x-amz-security-token)=/i

// Real bodies nest about 10 deep; below this only an attack on the stack is left.
const MAX_DEPTH = 100

/** A copy of JSON without credentials, and with signed addresses cut before their query. */
export function withoutSecrets(value: unknown): unknown {
  return copy(value, 0)
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutSignature(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return '(nested too deeply to keep)'
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1))
  return isObject(value) ? copyObject(value, depth) : null
}

function copyObject(value: Record<string, unknown>, depth: number): Record<string, unknown> {
  const kept = Object.entries(value).filter(([key]) => !isSecretKey(key))
  return Object.fromEntries(kept.map(([key, inner]) => [key, copy(inner, depth + 1)]))
}

export function isSecretKey(key: string): boolean {
  return SECRET_KEYS.has(key) || key.startsWith(SECRET_PREFIX)
}

function withoutSignature(text: string): string {
  const isSigned = /^https?:\/\//i.test(text) && SIGNATURE_PARAMETER.test(text)
  return isSigned ? text.slice(0, text.indexOf('?')) : text
}
