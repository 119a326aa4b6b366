import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Transaction } from 'kysely'
import { z } from 'zod'
import { AgentInput } from '#contract/agent.ts'
import type { Project } from '#contract/project.ts'
import { WireObserve } from '#contract/wire/observe.ts'
import { installMetrics } from '../evaluation/install-metrics.ts'
import type { IncomingCall } from '../ingest/incoming-call.ts'
import { keepUpload } from '../ingest/keep-upload.ts'
import { readObserve, type UploadedFile } from '../ingest/read-observe.ts'
import { storeCall } from '../ingest/store-call.ts'
import { type AgentIdentity, findAgentIdentity, insertAgent } from '../store/agents.ts'
import type { Database } from '../store/database.ts'
import { findProject } from '../store/projects.ts'
import type { RecordingFiles } from '../store/recording-files.ts'
import type { Tables } from '../store/tables.ts'
import { type DemoResults, readDemoResults, storeDemoResults } from './demo-results.ts'

const STORIES = join(import.meta.dirname, 'stories')

const DemoAgent = z.object({
  key: z.string(),
  name: z.string(),
  assistant_id: z.string(),
  provider: z.string(),
  description: z.string(),
  language: z.string(),
  inbound: z.boolean(),
})

const Story = z.object({
  agentKey: z.string(),
  startedAgoMinutes: z.number(),
  recording: z.string().nullable(),
  body: z.record(z.string(), z.unknown()),
})

export type DemoTools = {
  database: Database
  files: RecordingFiles
  clock: () => number
  maxRecordingBytes: number
}

/**
 * Loads the demo calls by the same path that every call takes: parsed, checked, stored with their jobs, and
 * marked as demo. New ones come with the results that are recorded for them; calls that are there already are left
 * alone, so loading twice changes nothing. Returns how many calls there are afterwards.
 */
export async function loadDemo(
  tools: DemoTools,
  {
    projectId,
    onProgress,
  }: { projectId: number; onProgress: (done: number, total: number) => void },
): Promise<number> {
  const agents = await loadAgents(tools, projectId)
  await tools.database.transaction((trx) => installMetrics(trx, { projectId, now: tools.clock() }))
  const stories = await readStories()
  for (const [index, { name, story }] of stories.entries()) {
    const agent = agents.get(story.agentKey)
    if (!agent) throw new Error(`Demo story ${name} names the unknown agent ${story.agentKey}`)
    const found = await readDemoResults(basename(name, '.json'))
    await loadStory(tools, { story, agent, found })
    onProgress(index + 1, stories.length)
  }
  return stories.length
}

/** Newest first: what stands at the top of the list is what a new user opens, and its recording is measured first. */
async function readStories(): Promise<{ name: string; story: z.infer<typeof Story> }[]> {
  const names = (await readdir(STORIES)).filter((name) => name.endsWith('.json'))
  const stories = await Promise.all(
    names.map(async (name) => ({ name, story: Story.parse(await readJson(join(STORIES, name))) })),
  )
  return stories.sort((a, b) => a.story.startedAgoMinutes - b.story.startedAgoMinutes)
}

async function loadAgents(
  { database, clock }: DemoTools,
  projectId: number,
): Promise<Map<string, AgentIdentity>> {
  const file = join(import.meta.dirname, 'agents.json')
  const agents = z.array(DemoAgent).parse(await readJson(file))
  const byKey = new Map<string, AgentIdentity>()
  for (const demo of agents) {
    const by = { assistantId: demo.assistant_id, projectId }
    const known = await findAgentIdentity(database.writer, by)
    if (known === null) {
      const agent = AgentInput.parse({
        name: demo.name,
        assistantId: demo.assistant_id,
        provider: demo.provider,
        description: demo.description,
        language: demo.language,
        isInbound: demo.inbound,
      })
      await insertAgent(database.writer, { projectId, agent, isDemo: true, now: clock() })
    }
    const identity = known ?? (await findAgentIdentity(database.writer, by))
    if (identity) byKey.set(demo.key, identity)
  }
  return byKey
}

async function loadStory(
  { database, files, clock, maxRecordingBytes }: DemoTools,
  {
    story,
    agent,
    found,
  }: {
    story: z.infer<typeof Story>
    agent: AgentIdentity
    found: DemoResults | null
  },
): Promise<void> {
  const project = await findProject(database.writer, agent.projectId)
  if (project === null) throw new Error(`Project ${agent.projectId} is missing`)
  const upload = await storeRecording(files, { path: story.recording, maxRecordingBytes })
  await keepUpload(files, upload, async () => {
    const now = clock()
    const startedAt = now - story.startedAgoMinutes * 60_000
    const call = toDemoCall({ story, agent, project, upload, startedAt })
    const onCreated = async (trx: Transaction<Tables>, id: number) => {
      const stored = { id, projectId: project.id, startedAt }
      if (found) await storeDemoResults(trx, { call: stored, found, now })
    }
    await storeCall({ database, files }, { call, onDuplicate: 'reject', now, onCreated })
  })
}

function toDemoCall({
  story,
  agent,
  project,
  upload,
  startedAt,
}: {
  story: z.infer<typeof Story>
  agent: AgentIdentity
  project: Project
  upload: UploadedFile | null
  startedAt: number
}): IncomingCall {
  const body = WireObserve.parse({
    ...story.body,
    timestamp: new Date(startedAt).toISOString(),
  })
  const rawBody = JSON.stringify(story.body)
  const read = readObserve({ body, upload, agent, project, source: 'demo', rawBody })
  if (!read.ok) throw new Error(`Demo call ${body.call_id}: ${JSON.stringify(read.problem)}`)
  return { ...read.call, isDemo: true }
}

async function storeRecording(
  files: RecordingFiles,
  { path, maxRecordingBytes }: { path: string | null; maxRecordingBytes: number },
): Promise<UploadedFile | null> {
  if (path === null) return null
  const source = createReadStream(join(import.meta.dirname, path))
  const file = await files.receive(source, { maxBytes: maxRecordingBytes })
  return { file, fileName: basename(path) }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8')) as unknown
}
