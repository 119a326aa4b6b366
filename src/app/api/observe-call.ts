import { z } from 'zod'
import { Problem } from '#contract/problem.ts'
import { ApiError, NetworkError } from './request.ts'

/** The public API's ingest, which the "Add call" form uses like any other sender. */
export const OBSERVE_PATH = '/observability/v1/observe/'

const Stored = z.looseObject({ id: z.int() })

export type ObserveInput = {
  /** The wire's form fields, such as `call_id` and `agent`; sent before the file. */
  fields: Record<string, string>
  /** The recording; sent as `voice_recording`. */
  file?: File | null
  /** Bytes sent and bytes in all, while the body is on its way. */
  onProgress?: (progress: { sentBytes: number; totalBytes: number }) => void
  signal?: AbortSignal
}

/**
 * Sends one call and resolves with its id once the server has stored it. `fetch` cannot tell how much
 * of a body is sent, so this is XMLHttpRequest. Throws as `request` does; an `AbortError` on cancel.
 */
export function observeCall({ fields, file, onProgress, signal }: ObserveInput) {
  return new Promise<{ id: number }>((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('POST', OBSERVE_PATH)
    xhr.responseType = 'json'
    xhr.upload.addEventListener('progress', (event) => {
      onProgress?.({ sentBytes: event.loaded, totalBytes: event.total })
    })
    xhr.addEventListener('load', () => {
      const result = toResult(xhr)
      if (result instanceof Error) reject(result)
      else resolve(result)
    })
    xhr.addEventListener('error', () => reject(new NetworkError(new Error('upload failed'))))
    xhr.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')))
    signal?.addEventListener('abort', () => xhr.abort(), { once: true })
    xhr.send(toForm(fields, file))
  })
}

function toForm(fields: Record<string, string>, file: File | null | undefined): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  if (file) form.append('voice_recording', file)
  return form
}

function toResult(xhr: XMLHttpRequest): { id: number } | ApiError {
  const stored = Stored.safeParse(xhr.response)
  if (xhr.status >= 200 && xhr.status < 300 && stored.success) return { id: stored.data.id }
  const problem = Problem.safeParse(xhr.response)
  return new ApiError({ status: xhr.status, problem: problem.success ? problem.data : null })
}
