import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { problemMessages } from '#contract/problem.ts'
import { WireObserve } from '#contract/wire/observe.ts'
import { sniffAudio } from '../audio/sniff-audio.ts'
import type { IncomingCall } from '../ingest/incoming-call.ts'
import { keepUpload } from '../ingest/keep-upload.ts'
import { isBatch, toObserveBodies } from '../ingest/providers/batch.ts'
import { readElevenLabsEvent } from '../ingest/providers/elevenlabs.ts'
import type { ProviderEvent } from '../ingest/providers/provider-call.ts'
import { readRetellEvent } from '../ingest/providers/retell.ts'
import { readVapiEvent } from '../ingest/providers/vapi.ts'
import { readObserve, type UploadedFile } from '../ingest/read-observe.ts'
import { readProviderCall } from '../ingest/read-provider-call.ts'
import { storeCall } from '../ingest/store-call.ts'
import { type AgentIdentity, findAgentIdentity } from '../store/agents.ts'
import { findProject } from '../store/projects.ts'
import { startProgress } from './progress.ts'
import type { Tools } from './tools.ts'

const TEXT_EXTENSIONS = new Set(['.json', '.jsonl', '.ndjson'])
const AUDIO_EXTENSIONS = ['.wav', '.mp3', '.ogg', '.opus', '.m4a', '.mp4', '.flac', '.webm']

/** One call to import: from where, what was read, and its name if the payload has none. */
type Item = { origin: string; name: string; read: ReadText; audioPath: string | null }

type ReadText = { ok: true; payload: unknown } | { ok: false; problem: string }

type Outcome = 'created' | 'updated' | 'unchanged' | 'failed'

/**
 * Stores every call below a path. What cannot be stored is named with its reason and the rest goes on; importing
 * the same files again changes nothing. False if anything failed.
 */
export async function runImport(
  tools: Tools,
  { path, agentId }: { path: string; agentId: number | null },
): Promise<boolean> {
  const { texts, audio } = await findFiles(path)
  if (texts.length + audio.length === 0) {
    tools.print(`${path} has no JSON, JSONL or audio files.`)
    return false
  }
  const counts: Record<Outcome, number> = { created: 0, updated: 0, unchanged: 0, failed: 0 }
  const problems: string[] = []
  const progress = startProgress('Importing', texts.length + audio.length)
  const usedAudio = new Set<string>()
  for (const file of [...texts, ...audio]) {
    for await (const item of usedAudio.has(file) ? [] : readableItems(file)) {
      if (item.audioPath !== null) usedAudio.add(item.audioPath)
      const { outcome, problem } = await importItem(tools, { item, agentId })
      counts[outcome]++
      if (problem !== null) problems.push(`${item.origin}: ${problem}`)
    }
    progress.advance()
  }
  progress.finish()
  for (const problem of problems) tools.print(problem)
  const { created, updated, unchanged, failed } = counts
  tools.print(`${created} new, ${updated} updated, ${unchanged} unchanged, ${failed} failed`)
  return failed === 0
}

/** Text files, and audio files that are not named like a text file beside them. Each in order of their paths. */
async function findFiles(path: string): Promise<{ texts: string[]; audio: string[] }> {
  if (!(await stat(path)).isDirectory()) return { texts: [path], audio: [] }
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const all = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const texts = all.filter((file) => TEXT_EXTENSIONS.has(extname(file).toLowerCase()))
  const named = new Set(texts.map(withoutExtension))
  const audio = all.filter((file) => isAudioName(file) && !named.has(withoutExtension(file)))
  return { texts, audio }
}

/** As `readItems`; where the file cannot be read further, the last item is one that says so. */
async function* readableItems(file: string): AsyncGenerator<Item> {
  try {
    yield* readItems(file)
  } catch (error) {
    yield {
      origin: file,
      name: '',
      read: { ok: false, problem: toMessage(error) },
      audioPath: null,
    }
  }
}

async function* readItems(file: string): AsyncGenerator<Item> {
  const name = basename(withoutExtension(file))
  if (isAudioName(file)) {
    yield {
      origin: file,
      name,
      read: { ok: true, payload: { transcript_type: 'none-mono' } },
      audioPath: file,
    }
    return
  }
  const extension = extname(file).toLowerCase()
  if (extension !== '.json') {
    yield* readLines(file)
    return
  }
  const read = parseText(await readFile(file, 'utf8'))
  if (!read.ok) {
    yield { origin: file, name, read, audioPath: null }
    return
  }
  const payloads = toPayloads(read.payload)
  if (payloads.length === 1) {
    const audioPath =
      (await findAudioBeside(withoutExtension(file))) ?? (await namedAudio(file, payloads[0]))
    yield { origin: file, name, read: { ok: true, payload: payloads[0] }, audioPath }
    return
  }
  for (const [index, single] of payloads.entries()) {
    yield {
      origin: `${file} [${index}]`,
      name: `${name}-${index + 1}`,
      read: { ok: true, payload: single },
      audioPath: await namedAudio(file, single),
    }
  }
}

/** One call a line. A line that is no JSON is an item of its own, and fails as such. */
async function* readLines(file: string): AsyncGenerator<Item> {
  let number = 0
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    number++
    if (line.trim() === '') continue
    const read = parseText(line)
    const name = `${basename(withoutExtension(file))}-${number}`
    const audioPath = read.ok ? await namedAudio(file, read.payload) : null
    yield { origin: `${file}:${number}`, name, read, audioPath }
  }
}

/** A list of calls is many payloads; a list of transcript entries is one. */
function toPayloads(payload: unknown): unknown[] {
  if (isRecord(payload) && isBatch(payload)) return toObserveBodies(payload)
  if (!Array.isArray(payload)) return [payload]
  const isListOfCalls =
    payload.length > 0 && payload.every((item) => isRecord(item) && isCall(item))
  return isListOfCalls ? payload : [{ transcript_json: payload }]
}

function isCall(item: Record<string, unknown>): boolean {
  return ['call_id', 'transcript_json', 'message', 'event', 'conversation_id', 'data'].some(
    (key) => key in item && (key !== 'message' || isRecord(item.message)),
  )
}

/** The recording that lies beside a list of calls under a call's own id. */
async function namedAudio(file: string, payload: unknown): Promise<string | null> {
  if (!isRecord(payload) || typeof payload.call_id !== 'string') return null
  if (!/^[\w.-]+$/.test(payload.call_id)) return null
  return findAudioBeside(join(dirname(file), payload.call_id))
}

async function findAudioBeside(stem: string): Promise<string | null> {
  for (const extension of AUDIO_EXTENSIONS) {
    const found = await stat(stem + extension).catch(() => null)
    if (found?.isFile()) return stem + extension
  }
  return null
}

type Import = { item: Item; agentId: number | null }

async function importItem(
  tools: Tools,
  { item, agentId }: Import,
): Promise<{ outcome: Outcome; problem: string | null }> {
  const { read } = item
  if (!read.ok) return { outcome: 'failed', problem: read.problem }
  try {
    const upload = await storeAudio(tools, item.audioPath)
    const { kind } = await keepUpload(tools.files, upload, async () => {
      const { name } = item
      const call = await readCall(tools, { name, payload: read.payload, agentId, upload })
      return storeCall(tools, { call, onDuplicate: 'update', now: tools.clock() })
    })
    return { outcome: kind === 'duplicate' ? 'unchanged' : kind, problem: null }
  } catch (error) {
    return { outcome: 'failed', problem: toMessage(error) }
  }
}

async function storeAudio(
  { files, config }: Tools,
  path: string | null,
): Promise<UploadedFile | null> {
  if (path === null) return null
  if ((await sniffAudio(path)) === null) throw new Error(`${path} is not audio`)
  const limit = { maxBytes: config.maxRecordingBytes }
  return { file: await files.receive(createReadStream(path), limit), fileName: basename(path) }
}

async function readCall(
  tools: Tools,
  {
    name,
    payload,
    agentId,
    upload,
  }: { name: string; payload: unknown; agentId: number | null; upload: UploadedFile | null },
): Promise<IncomingCall> {
  const event = readProviderEvent(payload)
  if (event?.kind === 'call') {
    const by = { assistantId: event.call.assistantId ?? '', agentId }
    const agent = await findAgent(tools, by)
    const read = readProviderCall({ call: event.call, agent, source: 'import' })
    if (!read.ok) throw new Error(problemMessages(read.problem).join('; '))
    return upload ? { ...read.call, recording: { kind: 'file', ...upload } } : read.call
  }
  const fields = isRecord(payload) ? payload : {}
  const body = WireObserve.parse({
    call_id: name,
    ...(fields.assistant_id === undefined &&
      fields.agent_id === undefined && { agent: agentId ?? 0 }),
    ...fields,
  })
  const agent = await findAgent(tools, {
    id: body.agent ?? body.agent_id,
    assistantId: body.assistant_id ?? '',
    agentId,
  })
  const project = await findProject(tools.database.reader, agent.projectId)
  if (project === null) throw new Error(`project ${agent.projectId} is missing`)
  const rawBody = JSON.stringify(payload)
  const read = readObserve({ body, upload, agent, project, source: 'import', rawBody })
  if (!read.ok) throw new Error(problemMessages(read.problem).join('; '))
  return read.call
}

/** A stored webhook body of a provider; null for anything else. */
function readProviderEvent(payload: unknown): ProviderEvent | null {
  if (!isRecord(payload) || 'transcript_json' in payload) return null
  for (const read of [readVapiEvent, readRetellEvent, readElevenLabsEvent]) {
    const event = read(payload)
    if (event.kind === 'call') return event
  }
  return null
}

async function findAgent(
  { database }: Tools,
  by: { id?: number | undefined; assistantId: string; agentId: number | null },
): Promise<AgentIdentity> {
  const wanted = [
    ...(by.id ? [{ id: by.id, projectId: null }] : []),
    ...(by.assistantId ? [{ assistantId: by.assistantId, projectId: null }] : []),
    ...(by.agentId ? [{ id: by.agentId, projectId: null }] : []),
  ]
  for (const identity of wanted) {
    const agent = await findAgentIdentity(database.reader, identity)
    if (agent) return agent
  }
  throw new Error('the call names no agent that exists; name one with --agent <id>')
}

function toMessage(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  }
  return error instanceof Error ? error.message : String(error)
}

function parseText(text: string): ReadText {
  try {
    return { ok: true, payload: JSON.parse(text) as unknown }
  } catch (error) {
    return { ok: false, problem: toMessage(error) }
  }
}

function isAudioName(file: string): boolean {
  return AUDIO_EXTENSIONS.includes(extname(file).toLowerCase())
}

function withoutExtension(file: string): string {
  return file.slice(0, file.length - extname(file).length)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
