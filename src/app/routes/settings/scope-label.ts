import type { AccessScope } from '#contract/access.ts'

export const SCOPE_LABEL: Record<AccessScope, string> = {
  admin: 'Administrator',
  project: 'Read and write',
  'read-only': 'Read only',
}

export const SCOPE_DESCRIPTION: Record<AccessScope, string> = {
  admin: 'Everything, keys and settings included',
  project: 'Send, read, change and delete calls',
  'read-only': 'Read calls and listen to them',
}
