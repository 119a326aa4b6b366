import { setTimeout as delay } from 'node:timers/promises'
import { startProgram } from './child-program.ts'
import { type ChildServer, startChildServer } from './child-server.ts'
import { startCrashClients } from './crash-clients.ts'
import { type CrashDamage, inspectAfterCrashes } from './crash-inspection.ts'

export type CrashReport = {
  kills: number
  /** Of these, how many hit a server that did not listen yet. */
  killsWhileStarting: number
  acknowledged: number
  recordings: number
  reviews: number
  /** Calls that are stored although their sender was never told: allowed, as it sends them again. */
  unacknowledged: number
  repeats: number
  surprises: string[]
  /** Recordings of requests that were cut off: no call owns them, `doctor` counts them. */
  unusedFiles: number
  slowestStartMs: number
  damage: CrashDamage
}

export type CrashOptions = {
  dataDir: string
  kills: number
  clients?: number
  /** The longest that a server lives after its first answers; the moment of its end is random. */
  longestLifeMs?: number
  onKill?: (kills: number) => void
}

/** One in this many kills hits a server while it starts. */
const STARTING_KILL_EVERY = 5
const LONGEST_START_MS = 400

/** Calls that a server acknowledges before its end may come. */
const FEWEST_PER_LIFE = 3

/**
 * Servers on one data folder, each killed with -9 at a random moment while clients send calls to it, and what is left
 * of all that was acknowledged. The last server is asked to stop, and must.
 */
export async function runCrashLoop(options: CrashOptions): Promise<CrashReport> {
  const { dataDir, kills, clients: count = 4, longestLifeMs = 500, onKill } = options
  const listening = createListening()
  const clients = startCrashClients({ clients: count, address: listening.address })
  let killsWhileStarting = 0
  let slowestStartMs = 0
  const startServer = async (): Promise<ChildServer> => {
    const startedAt = performance.now()
    const server = await startChildServer(dataDir)
    slowestStartMs = Math.max(slowestStartMs, performance.now() - startedAt)
    return server
  }

  for (let kill = 1; kill <= kills; kill++) {
    if (kill % STARTING_KILL_EVERY === 1) {
      await killWhileStarting(dataDir)
      killsWhileStarting++
    } else {
      const server = await startServer()
      const before = clients.acknowledged.length
      listening.begin(server.address)
      // A slow machine would otherwise be killed before it has anything to lose.
      await untilAtLeast(() => clients.acknowledged.length, before + FEWEST_PER_LIFE)
      await delay(Math.random() * longestLifeMs)
      listening.end()
      await server.stop('SIGKILL')
    }
    onKill?.(kill)
  }
  const stopped = clients.stop()
  listening.giveUp()
  await stopped
  const { damage, storedCalls, unusedFiles } = await inspectAfterCrashes(
    dataDir,
    clients.acknowledged,
  )
  const last = await startServer()
  const { code } = await last.stop('SIGTERM')
  if (code !== 0) throw new Error(`The last server ended with ${code}:\n${last.output()}`)

  const { acknowledged, surprises } = clients
  return {
    kills,
    killsWhileStarting,
    acknowledged: acknowledged.length,
    recordings: acknowledged.filter(({ sha256 }) => sha256 !== null).length,
    reviews: acknowledged.filter(({ isReviewed }) => isReviewed).length,
    unacknowledged: storedCalls - acknowledged.length,
    repeats: clients.repeats(),
    surprises,
    unusedFiles,
    slowestStartMs,
    damage,
  }
}

async function untilAtLeast(count: () => number, least: number): Promise<void> {
  while (count() < least) await delay(2)
}

async function killWhileStarting(dataDir: string): Promise<void> {
  const program = startProgram('src/server/main.ts', {
    environment: { DATA_DIR: dataDir, PORT: '0', DEMO: '0', LOG_LEVEL: 'warn' },
  })
  await delay(Math.random() * LONGEST_START_MS)
  await program.stop('SIGKILL')
}

/** Where a server listens, for clients that wait while there is none. */
function createListening() {
  let current = Promise.withResolvers<string>()
  // Nobody may be waiting when it is given up.
  const renew = () => {
    current = Promise.withResolvers<string>()
    current.promise.catch(() => undefined)
  }
  renew()
  return {
    address: () => current.promise,
    begin: (address: string) => current.resolve(address),
    end: renew,
    giveUp: () => current.reject(new Error('no server comes any more')),
  }
}
