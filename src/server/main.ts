import { join } from 'node:path'
import { pino } from 'pino'
import { ConfigError, readConfig } from './config.ts'
import { createServer } from './server.ts'

const PAGES_FOLDER = join(import.meta.dirname, '../../dist')

/** Starts the server as the environment says and keeps it running until a signal asks it to stop. */
async function main(): Promise<void> {
  try {
    await startServer()
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`)
    process.exit(1)
  }
}

async function startServer(): Promise<void> {
  const config = readConfig(process.env)
  const log = pino({
    level: config.logLevel,
    ...(process.stdout.isTTY && { transport: { target: 'pino-pretty' } }),
  })
  const server = await createServer({ config, log, pagesFolder: PAGES_FOLDER })
  const { address, signInUrl } = await server.start()
  process.stdout.write(`Talktrack listens on ${address}\n`)
  if (signInUrl !== null) process.stdout.write(`Sign in (once, within a day): ${signInUrl}\n`)

  let isStopping = false
  const stop = async (signal: string) => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'Stopping')
    setTimeout(() => process.exit(1), 10_000).unref()
    await server.stop()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal))
}

function errorText(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (!(error instanceof Error)) return String(error)
  const isTaken = 'code' in error && error.code === 'EADDRINUSE'
  if (isTaken) return `${error.message}. Another program listens there; choose one with PORT.`
  return error.stack ?? error.message
}

await main()
