import type { ExportQuery } from '#contract/api.ts'
import type { ExportSink } from '../api/export-calls.ts'

/** Not yet in TypeScript's own types. Source: WICG File System Access, `showSaveFilePicker`. */
type SaveFilePicker = (options: {
  suggestedName: string
  types: { description: string; accept: Record<string, string[]> }[]
}) => Promise<FileSystemFileHandle & { remove?: () => Promise<void> }>

declare global {
  interface Window {
    showSaveFilePicker?: SaveFilePicker
  }
}

type NewFile = { fileName: string; format: ExportQuery['format'] }

export type FileSink = ExportSink & { fileName: string }

const TYPE = {
  csv: { description: 'Comma-separated values', mime: 'text/csv', ending: '.csv' },
  jsonl: { description: 'JSON Lines', mime: 'application/jsonl', ending: '.jsonl' },
}

/**
 * A file on the disk where the browser lets a page write one, which takes any size; else memory that becomes a download
 * at the end. Null if the person closed the picker.
 */
export async function openSink(file: NewFile): Promise<FileSink | null> {
  return window.showSaveFilePicker ? pickFile(window.showSaveFilePicker, file) : toDownload(file)
}

async function pickFile(
  showSaveFilePicker: SaveFilePicker,
  { fileName, format }: NewFile,
): Promise<FileSink | null> {
  const { description, mime, ending } = TYPE[format]
  const types = [{ description, accept: { [mime]: [ending] } }]
  try {
    const handle = await showSaveFilePicker({ suggestedName: fileName, types })
    const stream = await handle.createWritable()
    return {
      fileName: handle.name,
      write: (bytes) => stream.write(bytes),
      close: () => stream.close(),
      abort: async () => {
        await stream.abort()
        await handle.remove?.()
      },
    }
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') return null
    // A policy of the browser or of a frame can forbid files; a download is then still possible.
    return toDownload({ fileName, format })
  }
}

function toDownload({ fileName, format }: NewFile): FileSink {
  let parts: Uint8Array<ArrayBuffer>[] = []
  return {
    fileName,
    write: async (bytes) => {
      parts.push(bytes)
    },
    close: async () => {
      download(new Blob(parts, { type: TYPE[format].mime }), fileName)
      parts = []
    },
    abort: async () => {
      parts = []
    },
  }
}

/** The browser needs the address until it has begun to save. */
const ADDRESS_LIVES_MS = 60_000

function download(blob: Blob, fileName: string) {
  const href = URL.createObjectURL(blob)
  const link = Object.assign(document.createElement('a'), { href, download: fileName })
  link.click()
  setTimeout(() => URL.revokeObjectURL(href), ADDRESS_LIVES_MS)
}
