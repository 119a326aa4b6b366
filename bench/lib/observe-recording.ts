import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunningServer } from './start-server.ts'

const READY_LIMIT_MS = 15 * 60_000

export type ReadyCall = { id: number; callId: string; recordingId: number; durationSeconds: number }

/** Sends a call with its recording and waits until its peaks are there. Throws if that fails or takes too long. */
export async function observeRecording(
  server: RunningServer,
  { callId, path, transcript }: { callId: string; path: string; transcript: readonly object[] },
): Promise<ReadyCall> {
  const form = new FormData()
  form.set('call_id', callId)
  form.set('agent', '1')
  form.set('transcript_type', 'retell')
  form.set('transcript_json', JSON.stringify(transcript))
  form.set('voice_recording', await openAsBlob(path), basename(path))
  const response = await fetch(`${server.address}/observability/v1/observe/`, {
    method: 'POST',
    headers: server.headers,
    body: form,
  })
  if (!response.ok) throw new Error(`${callId} was answered with ${await response.text()}`)
  const { id } = (await response.json()) as { id: number }
  const recording = await untilReady(server, id)
  return { id, callId, recordingId: recording.id, durationSeconds: recording.durationSeconds }
}

type Detail = {
  recordingState: string
  errorMessage: string | null
  recording: { id: number; durationSeconds: number } | null
}

async function untilReady(server: RunningServer, id: number) {
  const deadline = Date.now() + READY_LIMIT_MS
  while (Date.now() < deadline) {
    const response = await fetch(`${server.address}/api/calls/${id}`, { headers: server.headers })
    const { recordingState, errorMessage, recording } = (await response.json()) as Detail
    if (recordingState === 'ready' && recording) return recording
    if (recordingState === 'failed') throw new Error(`The recording of call ${id}: ${errorMessage}`)
    await delay(300)
  }
  throw new Error(`The recording of call ${id} was not ready in time.`)
}
