import { TooManyQueries } from './slow-read-errors.ts'
import { type SlowReadThread, startSlowReadThread } from './slow-read-thread.ts'
import type { SlowRead } from './slow-read-worker.ts'

/** Reading threads, started when they are needed and ended when they are not, with a queue in front. */
export type SlowReadPool = {
  /**
   * Reads of a snapshot go to the thread that holds it, all others to any. Rejects with the reason of the
   * signal, even before the thread has stopped, with the database's error, or with `TooManyQueries`.
   */
  readonly ask: (read: Asked, signal: AbortSignal) => Promise<unknown[]>
  /** Gives up what runs and waits, and ends the threads. */
  readonly close: () => Promise<void>
}

export type SlowReadPoolOptions = {
  file: string
  /** How long a thread with nothing to do stays. */
  idleMs: number
}

const MAX_THREADS = 2
const MAX_WAITING = 64

type Asked = Exclude<SlowRead, { kind: 'end' }>
type Job = { read: Asked; answer: PromiseWithResolvers<unknown[]> }
type Seat = { thread: SlowReadThread; running: Job | null; idleTimer?: NodeJS.Timeout }

export function createSlowReadPool({ file, idleMs }: SlowReadPoolOptions): SlowReadPool {
  const threads = new Set<SlowReadThread>()
  const seats = new Set<Seat>()
  /** Where each open snapshot is. */
  const homes = new Map<number, Seat>()
  const waiting: Job[] = []
  let isClosed = false

  function ask(read: Asked, signal: AbortSignal): Promise<unknown[]> {
    const answer = Promise.withResolvers<unknown[]>()
    const refusal = whyNot(read, signal)
    if (refusal !== null) {
      answer.reject(refusal.reason)
      return answer.promise
    }
    const job = { read, answer }
    const handleAbort = () => giveUp(job, signal.reason)
    const forget = () => signal.removeEventListener('abort', handleAbort)
    signal.addEventListener('abort', handleAbort)
    answer.promise.then(forget, forget)
    waiting.push(job)
    assign()
    return answer.promise
  }

  function whyNot(read: Asked, signal: AbortSignal): { reason: unknown } | null {
    if (signal.aborted) return { reason: signal.reason }
    if (isClosed) return { reason: new Error('The database is closed.') }
    if (!needsHome(read)) {
      const isFull = waiting.filter((job) => !needsHome(job.read)).length >= MAX_WAITING
      return isFull ? { reason: new TooManyQueries(MAX_WAITING) } : null
    }
    return homes.has(read.snapshot) ? null : { reason: new Error('This snapshot is over.') }
  }

  function giveUp(job: Job, reason: unknown): void {
    const place = waiting.indexOf(job)
    if (place >= 0) waiting.splice(place, 1)
    for (const seat of seats) if (seat.running === job) seat.thread.stop()
    job.answer.reject(reason)
  }

  /** Gives idle threads work until there is no more of either. */
  function assign(): void {
    if (isClosed) return
    for (const seat of idleSeats()) {
      const job = takeJobFor(seat)
      if (job !== undefined) start(seat, job)
    }
    if (seats.size >= MAX_THREADS || waiting.every(({ read }) => needsHome(read))) return
    addSeat()
    assign()
  }

  /** Those with the fewest snapshots first: a stream and other reads keep out of each other's way. */
  function idleSeats(): Seat[] {
    const snapshotCount = (seat: Seat) => [...homes.values()].filter((home) => home === seat).length
    return [...seats]
      .filter(({ running }) => running === null)
      .toSorted((a, b) => snapshotCount(a) - snapshotCount(b))
  }

  function takeJobFor(seat: Seat): Job | undefined {
    const own = waiting.findIndex(
      ({ read }) => needsHome(read) && homes.get(read.snapshot) === seat,
    )
    const place = own >= 0 ? own : waiting.findIndex(({ read }) => !needsHome(read))
    return place < 0 ? undefined : waiting.splice(place, 1)[0]
  }

  function start(seat: Seat, job: Job): void {
    clearTimeout(seat.idleTimer)
    seat.running = job
    if (job.read.kind === 'begin') homes.set(job.read.snapshot, seat)
    if (job.read.kind === 'release') homes.delete(job.read.snapshot)
    const finish = () => {
      seat.running = null
      seat.idleTimer = setTimeout(() => retire(seat), idleMs).unref()
      assign()
    }
    const answered = seat.thread.ask(job.read)
    answered.then(job.answer.resolve, job.answer.reject)
    answered.then(finish, finish)
  }

  function addSeat(): void {
    const thread = startSlowReadThread(file)
    const seat: Seat = { thread, running: null }
    threads.add(thread)
    seats.add(seat)
    void thread.gone.then(() => {
      threads.delete(thread)
      remove(seat)
    })
  }

  function retire(seat: Seat): void {
    if (seat.running !== null || [...homes.values()].includes(seat)) return
    seats.delete(seat)
    void seat.thread.end()
  }

  function remove(seat: Seat): void {
    seats.delete(seat)
    const lost = waiting.filter(({ read }) => needsHome(read) && homes.get(read.snapshot) === seat)
    for (const job of lost) giveUp(job, new Error('The thread that held this snapshot has ended.'))
    for (const [snapshot, home] of homes) if (home === seat) homes.delete(snapshot)
    assign()
  }

  async function close(): Promise<void> {
    isClosed = true
    const reason = new Error('The database is closed.')
    const running = [...seats].flatMap((seat) => seat.running ?? [])
    for (const job of [...waiting, ...running]) giveUp(job, reason)
    for (const seat of seats) clearTimeout(seat.idleTimer)
    await Promise.all([...threads].map((thread) => thread.end()))
  }

  return { ask, close }
}

/** Whether only the thread that holds the snapshot can do it. */
function needsHome(read: Asked): read is Asked & { snapshot: number } {
  return read.kind !== 'begin' && read.snapshot !== null
}
