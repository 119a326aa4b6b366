import { z } from 'zod'
import { ById, endpoint } from './endpoint.ts'

/** How long a shared link can last, in days. */
export const MAX_SHARE_DAYS = 90

/** Standing links of one call at most. */
export const MAX_SHARE_LINKS = 20

/** A link by which anyone can read and hear one call, until it ends or is revoked. */
export const ShareLink = z.object({
  id: z.int(),
  createdBy: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  /** Null: nobody has opened it yet. */
  lastOpenedAt: z.string().nullable(),
})
export type ShareLink = z.infer<typeof ShareLink>

/** Links to calls for people without a key. Apart from `api`, as `judgingApi` is. */
export const shareApi = {
  listShareLinks: endpoint({
    method: 'GET',
    path: '/api/calls/:id/share-links',
    summary: 'The links of a call that still open it, newest first, without the links themselves',
    access: 'read',
    params: ById,
    output: z.object({ items: z.array(ShareLink) }),
  }),
  createShareLink: endpoint({
    method: 'POST',
    path: '/api/calls/:id/share-links',
    summary:
      'Make a link that opens a call without a key; its address is in this answer and nowhere else',
    access: 'write',
    params: ById,
    body: z.object({ days: z.int().min(1).max(MAX_SHARE_DAYS) }),
    output: ShareLink.extend({ url: z.string() }),
  }),
  revokeShareLink: endpoint({
    method: 'DELETE',
    path: '/api/share-links/:id',
    summary: 'Make a shared link open nothing any more',
    access: 'write',
    params: ById,
    output: z.object({ revoked: z.boolean() }),
  }),
}
