import type { RecordingFiles, StoredFile } from '../store/recording-files.ts'

/** Runs `work` on a stored file that no call owns yet; if it throws, the file goes again. */
export async function keepUpload<T>(
  files: RecordingFiles,
  upload: { file: StoredFile } | null,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (upload) await files.remove(upload.file.storageKey)
    throw error
  }
}
