import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The first program of one of these names on PATH; undefined if there is none. */
export function findProgram(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

/** `CHROMIUM_PATH`, else a Chromium on PATH; undefined leaves the choice to Playwright. */
export function findChromium(): string | undefined {
  return process.env.CHROMIUM_PATH || findProgram(...CHROMIUM_NAMES)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
