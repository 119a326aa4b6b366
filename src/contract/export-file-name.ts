import type { ExportQuery } from './api.ts'

/** Such as `talktrack-calls-2026-08-31T14-05-09Z.csv`: in order when sorted, and allowed on every system. */
export function exportFileName(format: ExportQuery['format'], now: number): string {
  const time = new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(':', '-')
  return `talktrack-calls-${time}.${format}`
}
