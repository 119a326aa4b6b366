import { TooManyQueries } from './slow-read-errors.ts'
import { type SlowReadThread, startSlowReadThread } from './slow-read-thread.ts'
import type { SlowRead } from './slow-read-worker.ts'

/** Reading threads, started when they are needed and ended when they are not, with a queue in front. */
export type SlowReadPool = {
  /**
   * Reads of a snapshot go to the thread that holds it, all others to any. Rejects with the reason of the
   * signal, even before the thread has stopped, with the database's error, or with `TooManyQueries`.
   */
  readonly ask: (read: Asked, limits: AskLimits) => Promise<unknown[]>
  /** Gives up what runs and waits, and ends the threads. */
  readonly close: () => Promise<void>
}

/**
 * `page`: a person looks at an empty list until it is there; asks for few rows. It goes before the others, and has threads
 * that they do not get. `whole`: counts, facets and exports, which look at every call.
 */
export type Urgency = 'page' | 'whole'

/** `urgency`: `whole` if nothing is said. */
type AskLimits = { signal: AbortSignal; urgency?: Urgency | undefined }

export type SlowReadPoolOptions = {
  file: string
  /** How long a thread with nothing to do stays. */
  idleMs: number
}

/** For reads of whole lists, together. */
const MAX_THREADS = 2
/** Only for pages, where the others are taken: with those, four slow reads at once are needed to keep a page waiting. */
const MAX_EXTRA_THREADS = 2
/** Of each urgency. */
const MAX_WAITING = 64

type Asked = Exclude<SlowRead, { kind: 'end' }>
type Job = { read: Asked; urgency: Urgency; answer: PromiseWithResolvers<unknown[]> }
type Seat = { thread: SlowReadThread; running: Job | null; idleTimer?: NodeJS.Timeout }

export function createSlowReadPool({ file, idleMs }: SlowReadPoolOptions): SlowReadPool {
  const threads = new Set<SlowReadThread>()
  const seats = new Set<Seat>()
  /** Where each open snapshot is. */
  const homes = new Map<number, Seat>()
  const waiting: Job[] = []
  let isClosed = false

  function ask(read: Asked, { signal, urgency = 'whole' }: AskLimits): Promise<unknown[]> {
    const answer = Promise.withResolvers<unknown[]>()
    const job: Job = { read, urgency, answer }
    const refusal = whyNot(job, signal)
    if (refusal !== null) {
      answer.reject(refusal.reason)
      return answer.promise
    }
    const handleAbort = () => giveUp(job, signal.reason)
    const forget = () => signal.removeEventListener('abort', handleAbort)
    signal.addEventListener('abort', handleAbort)
    answer.promise.then(forget, forget)
    waiting.push(job)
    assign()
    return answer.promise
  }

  function whyNot({ read, urgency }: Job, signal: AbortSignal): { reason: unknown } | null {
    if (signal.aborted) return { reason: signal.reason }
    if (isClosed) return { reason: new Error('The database is closed.') }
    if (!needsHome(read)) {
      const alike = waiting.filter((job) => !needsHome(job.read) && job.urgency === urgency)
      const isFull = alike.length >= MAX_WAITING
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
    if (!needsSeat()) return
    addSeat()
    assign()
  }

  /** Asked once every idle thread has got what it can do. */
  function needsSeat(): boolean {
    if (seats.size >= MAX_THREADS + MAX_EXTRA_THREADS) return false
    const hasRoom = mayRunWhole()
    return waiting.some(({ read, urgency }) => !needsHome(read) && (urgency === 'page' || hasRoom))
  }

  function mayRunWhole(): boolean {
    const running = [...seats].filter((seat) => seat.running?.urgency === 'whole')
    return running.length < MAX_THREADS
  }

  /** Those with the fewest snapshots first: a stream and other reads keep out of each other's way. */
  function idleSeats(): Seat[] {
    const snapshotCount = (seat: Seat) => [...homes.values()].filter((home) => home === seat).length
    return [...seats]
      .filter(({ running }) => running === null)
      .toSorted((a, b) => snapshotCount(a) - snapshotCount(b))
  }

  function takeJobFor(seat: Seat): Job | undefined {
    const isOwn = ({ read }: Job) => needsHome(read) && homes.get(read.snapshot) === seat
    const isFree = ({ read }: Job) => !needsHome(read)
    const hasRoom = mayRunWhole()
    const allowed = waiting.filter(({ urgency }) => urgency === 'page' || hasRoom)
    const job =
      allowed.find((one) => isFree(one) && one.urgency === 'page') ??
      allowed.find(isOwn) ??
      allowed.find(isFree)
    if (job !== undefined) waiting.splice(waiting.indexOf(job), 1)
    return job
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
