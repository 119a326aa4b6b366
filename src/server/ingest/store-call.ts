import type { Database } from '../store/database.ts'
import type { RecordingFiles } from '../store/recording-files.ts'
import { type Ingestion, type IngestResult, ingestCall } from './ingest-call.ts'
import { keepUpload } from './keep-upload.ts'

/** Ingests a call whose file, if it has one, is on disk already. A file that no call came to own is removed. */
export async function storeCall(
  { database, files }: { database: Database; files: RecordingFiles },
  incoming: Ingestion,
): Promise<IngestResult> {
  const { recording } = incoming.call
  const upload = recording.kind === 'file' ? recording : null
  const result = await keepUpload(files, upload, () => ingestCall(database, incoming))
  if (upload && (result.kind === 'unchanged' || result.kind === 'duplicate')) {
    await files.remove(upload.file.storageKey)
  }
  return result
}
