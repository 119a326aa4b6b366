import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { issueText } from '#contract/filter-parse.ts'
import { type ExportFormat, exportCalls } from '../actions/export-calls.ts'
import { readSelection } from '../store/call-selection.ts'
import { FIRST_PROJECT_ID } from '../store/projects.ts'
import { startProgress } from './progress.ts'
import type { Tools } from './tools.ts'

export type ExportOptions = {
  format: ExportFormat
  filter?: string
  search?: string
  sort?: string
  /** A file; without it the calls go to the standard output. */
  output?: string
}

/** Writes every call that matches. False where the filter cannot be read. A file is there whole or not at all. */
export async function runExport(
  { database, clock }: Tools,
  { format, output, ...selection }: ExportOptions,
): Promise<boolean> {
  const read = readSelection(selection, { projectId: FIRST_PROJECT_ID, now: clock() })
  if (!read.ok) {
    for (const issue of read.issues) process.stderr.write(`${issueText(issue)}\n`)
    return false
  }
  let progress: ReturnType<typeof startProgress> | null = null
  const onCalls = (count: number) => progress?.advance(count)
  const { callCount, body } = await exportCalls(database, { query: read.query, format, onCalls })
  progress = startProgress('Exporting', callCount)
  try {
    await (output === undefined ? write(body, process.stdout) : writeFile(body, output))
  } finally {
    progress.finish()
  }
  if (output !== undefined) process.stderr.write(`${callCount} calls in ${output}\n`)
  return true
}

async function writeFile(body: Readable, path: string): Promise<void> {
  const unfinished = `${path}.part`
  try {
    await write(body, createWriteStream(unfinished))
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

function write(body: Readable, target: Writable): Promise<void> {
  // The standard output is not ours to end.
  return pipeline(body, target, { end: target !== process.stdout })
}
