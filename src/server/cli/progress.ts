import { SingleBar } from 'cli-progress'

export type Progress = { advance: (count?: number) => void; finish: () => void }

/** A progress bar on a terminal; in a pipe it shows nothing, so that output stays readable by programs. */
export function startProgress(label: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${label} [{bar}] {value}/{total}, {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    stream: process.stderr,
  })
  bar.start(total, 0)
  return { advance: (count = 1) => bar.increment(count), finish: () => bar.stop() }
}
