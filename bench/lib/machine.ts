import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** What the figures were measured on, in one line. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `${model}, ${availableParallelism()} cores, ${gigabytes} GB memory, Node ${process.version}`
}

/** How busy the machine is with everything, this benchmark included: the mean of the last minute. */
export function loadText(): string {
  const [lastMinute = 0] = loadavg()
  return `${lastMinute.toFixed(1)} runnable processes over the last minute`
}
