import { z } from 'zod'
import { ApiKey, ApiKeyInput, NewApiKey } from './access.ts'
import { ById, endpoint } from './endpoint.ts'
import { Project, ProjectChange } from './project.ts'

/** Work that failed for good and waits for a person. */
const DeadJob = z.object({
  id: z.int(),
  kind: z.string(),
  subject: z.string(),
  attempts: z.int(),
  error: z.string(),
  failedAt: z.string(),
})

/** The part of the dashboard's API that the settings show. Apart from `api` for the reason of `judgingApi`. */
export const settingsApi = {
  listKeys: endpoint({
    method: 'GET',
    path: '/api/keys',
    summary: 'API keys, newest first, without the keys themselves',
    access: 'admin',
    output: z.object({ items: z.array(ApiKey) }),
  }),
  createKey: endpoint({
    method: 'POST',
    path: '/api/keys',
    summary: 'Make an API key; its text is in this answer and nowhere else',
    access: 'admin',
    body: ApiKeyInput,
    output: NewApiKey,
  }),
  revokeKey: endpoint({
    method: 'DELETE',
    path: '/api/keys/:id',
    summary: 'Revoke an API key and end the sessions it opened',
    access: 'admin',
    params: ById,
    output: z.object({ revoked: z.boolean() }),
  }),
  getProject: endpoint({
    method: 'GET',
    path: '/api/project',
    summary: 'The project and its settings',
    access: 'read',
    output: Project,
  }),
  changeProject: endpoint({
    method: 'PATCH',
    path: '/api/project',
    summary: 'Change the given settings',
    access: 'admin',
    body: ProjectChange,
    output: Project,
  }),
  getDemo: endpoint({
    method: 'GET',
    path: '/api/demo',
    summary: 'How many demo calls there are',
    access: 'read',
    output: z.object({ callCount: z.int() }),
  }),
  removeDemo: endpoint({
    method: 'DELETE',
    path: '/api/demo',
    summary: 'Remove the demo calls, their recordings and their agents',
    access: 'write',
    output: z.object({ removed: z.int() }),
  }),
  listDeadJobs: endpoint({
    method: 'GET',
    path: '/api/dead-jobs',
    summary: 'Work that failed for good, newest first, at most 100',
    access: 'read',
    output: z.object({ items: z.array(DeadJob) }),
  }),
  requeueDeadJob: endpoint({
    method: 'POST',
    path: '/api/dead-jobs/:id/requeue',
    summary: 'Try failed work again from the start',
    access: 'write',
    params: ById,
    output: z.object({ queued: z.boolean() }),
  }),
} as const
