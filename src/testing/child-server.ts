import { type ChildProgram, startProgram } from './child-program.ts'

/** The key of every child server, as a header and for its environment. */
export const CHILD_KEY = 'a key for child servers'
export const CHILD_HEADERS = { 'x-cekura-api-key': CHILD_KEY }

export type ChildServer = ChildProgram & { address: string }

/** The real server in a process of its own on a free port, with agent 1, no demo calls and `CHILD_KEY`. */
export async function startChildServer(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<ChildServer> {
  const program = startProgram('src/server/main.ts', {
    environment: {
      DATA_DIR: dataDir,
      PORT: '0',
      DEMO: '0',
      LOG_LEVEL: 'warn',
      TALKTRACK_API_KEY: CHILD_KEY,
      ...environment,
    },
  })
  try {
    const address = await program.printed(/^Talktrack listens on (\S+)$/m)
    return { ...program, address }
  } catch (error) {
    await program[Symbol.asyncDispose]()
    throw error
  }
}
