import { EXPORT_COUNT_HEADER, EXPORT_PATH, type ExportQuery } from '#contract/api.ts'
import { send } from './request.ts'
import { createRowCounter } from './row-counter.ts'

/** Where the bytes go. `close` makes the file complete, `abort` leaves none behind. */
export type ExportSink = {
  write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>
  close: () => Promise<void>
  abort: () => Promise<void>
}

export type ExportProgress = {
  rowCount: number
  /** Null until the server has said how many will come. */
  totalCount: number | null
  sizeBytes: number
}

/** The file is not what the server announced. */
export class IncompleteExport extends Error {
  override readonly name = 'IncompleteExport'
}

type Export = {
  query: ExportQuery
  sink: ExportSink
  signal: AbortSignal
  onProgress: (progress: ExportProgress) => void
}

/**
 * Reads an export to its end into `sink`, as fast as that takes it, and counts what came. Resolves with how many calls
 * are in the file, which is as many as the server announced. Throws as `request` does, `IncompleteExport` where the
 * stream broke or the numbers differ, and the abort reason; the sink is then aborted.
 */
export async function exportCalls({ query, sink, signal, onProgress }: Export): Promise<number> {
  try {
    const response = await send(exportUrl(query), { signal })
    const totalCount = announcedCount(response)
    const rowCount = await pour({ response, query, sink, signal, totalCount, onProgress })
    await sink.close()
    return rowCount
  } catch (cause) {
    await sink.abort()
    throw cause
  }
}

type Pouring = Export & { response: Response; totalCount: number }

async function pour(pouring: Pouring): Promise<number> {
  const { query, sink, totalCount, onProgress } = pouring
  const counter = createRowCounter(query.format)
  let sizeBytes = 0
  onProgress({ rowCount: 0, totalCount, sizeBytes })
  for await (const bytes of chunksOf(pouring)) {
    counter.take(bytes)
    sizeBytes += bytes.length
    await sink.write(bytes)
    onProgress({ rowCount: counter.count(), totalCount, sizeBytes })
  }
  const rowCount = counter.count()
  if (rowCount !== totalCount || !counter.isAtLineEnd()) {
    throw new IncompleteExport(
      `The server announced ${totalCount} calls, but ${rowCount} arrived. The file was not kept.`,
    )
  }
  return rowCount
}

async function* chunksOf({ response, signal }: Pouring): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader()
  if (!reader) return
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      if (signal.aborted) throw cause
      const message = 'The connection broke before the file was complete. The file was not kept.'
      throw new IncompleteExport(message, { cause })
    })
    if (done) return
    yield value
  }
}

function announcedCount(response: Response): number {
  const text = response.headers.get(EXPORT_COUNT_HEADER)
  const count = Number(text)
  if (text !== null && Number.isInteger(count)) return count
  throw new IncompleteExport('The server did not say how many calls will come.')
}

function exportUrl(query: ExportQuery): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value) params.set(name, value)
  return `${EXPORT_PATH}?${params}`
}
