import { z } from 'zod'

/** `admin`: everything, in every project. `project`: read and write one project. `read-only`: read one project. */
export const AccessScope = z.enum(['admin', 'project', 'read-only'])
export type AccessScope = z.infer<typeof AccessScope>

/** An API key as it can be listed: the key itself is shown once, when made, and kept as a hash only. */
export const ApiKey = z.object({
  id: z.int(),
  name: z.string(),
  scope: AccessScope,
  /** The first characters and a mask, such as `tt_9f2c••••`. */
  hint: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
})
export type ApiKey = z.infer<typeof ApiKey>

export const ApiKeyInput = z.object({ name: z.string().trim().min(1).max(100), scope: AccessScope })
export type ApiKeyInput = z.infer<typeof ApiKeyInput>

/** The answer to making a key: the only time `key` is readable. */
export const NewApiKey = ApiKey.extend({ key: z.string() })
export type NewApiKey = z.infer<typeof NewApiKey>

/** A one-time token from a sign-in link, or an API key pasted by a person. */
export const SignIn = z.union([z.object({ token: z.string() }), z.object({ key: z.string() })])
export type SignIn = z.infer<typeof SignIn>

/** Who is signed in. */
export const Session = z.object({
  scope: AccessScope,
  /** The key's name, or how the person signed in. */
  name: z.string(),
  /** Null where the visitor came with a key, which lasts until it is revoked. */
  expiresAt: z.string().nullable(),
})
export type Session = z.infer<typeof Session>
