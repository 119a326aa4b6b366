import { resolve } from 'node:path'
import { z } from 'zod'

const BYTES_PER_MEGABYTE = 1024 * 1024

const flag = z.enum(['0', '1']).transform((value) => value === '1')
const unsetIfEmpty = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(unsetIfEmpty, schema.optional())
const withDefault = <T extends z.ZodType>(schema: T, value: string) =>
  z.preprocess((given) => (given === undefined || given === '' ? value : given), schema)

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

/** US dollars per million tokens. */
const price = z.coerce.number().nonnegative().max(1_000_000)

const Environment = z.object({
  HOST: withDefault(z.string(), '127.0.0.1'),
  PORT: withDefault(z.coerce.number().int().min(0).max(65_535), '4000'),
  DATA_DIR: withDefault(z.string(), './data'),
  DATABASE_URL: optional(z.string()),
  RECORDINGS_URL: optional(z.string()),
  TALKTRACK_API_KEY: optional(z.string().min(16, { error: 'expected at least 16 characters' })),
  DEMO: withDefault(flag, '1'),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  WORKERS: withDefault(z.coerce.number().int().min(0).max(64), '1'),
  LOG_LEVEL: withDefault(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'info',
  ),
  MAX_RECORDING_MB: withDefault(z.coerce.number().positive(), '400'),
  FETCH_TIMEOUT_SECONDS: withDefault(z.coerce.number().positive(), '300'),
  FETCH_ALLOW: withDefault(list, ''),
  JUDGE_URL: optional(
    z.url({ protocol: /^https?$/ }).refine(hasNoUser, {
      error: 'expected no user name or password in it; a key goes into JUDGE_API_KEY',
    }),
  ),
  JUDGE_MODEL: optional(z.string().trim().min(1)),
  // What a header can carry: another character would only show when the first call is judged.
  JUDGE_API_KEY: optional(
    z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]+$/, { error: 'expected visible ASCII characters without spaces' }),
  ),
  JUDGE_CONCURRENCY: withDefault(z.coerce.number().int().min(1).max(256), '4'),
  JUDGE_TIMEOUT_SECONDS: withDefault(z.coerce.number().positive().max(3600), '60'),
  JUDGE_INPUT_PRICE: optional(price),
  JUDGE_OUTPUT_PRICE: optional(price),
})

function hasNoUser(url: string): boolean {
  const { username, password } = URL.parse(url) ?? {}
  return !username && !password
}

export type Config = Readonly<{
  host: string
  port: number
  dataDir: string
  /** What links begin with; null: the address of the request. */
  publicUrl: string | null
  bootstrapApiKey: string | null
  loadsDemo: boolean
  workers: number
  logLevel: string
  maxRecordingBytes: number
  /** How long one download of a recording may take, retries apart. */
  fetchTimeoutMs: number
  /** Addresses (CIDR) that recordings may be fetched from although they are not public. */
  fetchAllow: readonly string[]
  /** The chat endpoint that judges; null: nothing that needs one is done. */
  judge: JudgeConfig | null
}>

export type JudgeConfig = Readonly<{
  url: string
  model: string
  apiKey: string | null
  /** Questions under way at one time. */
  maxConcurrent: number
  /** For one answer with all its tries. */
  timeoutMs: number
  /** US dollars per million tokens; null: what an answer costs is not known. */
  inputPrice: number | null
  outputPrice: number | null
}>

/** The environment asks for something this version cannot do. `problems` has one line per variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * The environment as one checked, frozen object.
 * Throws `ConfigError` that names each variable, what was expected and what came.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(({ path: [variable], message }) => {
        const name = String(variable)
        return `${name}: ${message} (got ${shown(name, environment[name] ?? '')})`
      }),
    )
  }
  const env = parsed.data
  const problems = [
    ...unsupportedStorage(env.DATABASE_URL, env.RECORDINGS_URL),
    ...incompleteJudge(env),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze({
    host: env.HOST,
    port: env.PORT,
    dataDir: resolve(env.DATA_DIR),
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    bootstrapApiKey: env.TALKTRACK_API_KEY ?? null,
    loadsDemo: env.DEMO,
    workers: env.WORKERS,
    logLevel: env.LOG_LEVEL,
    maxRecordingBytes: Math.floor(env.MAX_RECORDING_MB * BYTES_PER_MEGABYTE),
    fetchTimeoutMs: env.FETCH_TIMEOUT_SECONDS * 1000,
    fetchAllow: env.FETCH_ALLOW,
    judge: judgeConfig(env),
  })
}

/** A secret that is too short is a secret all the same; so is a password in an address. */
function shown(name: string, value: string): string {
  const isSecret = name.endsWith('_KEY') || (name.endsWith('_URL') && /[@?]/.test(value))
  return isSecret ? `${value.length} characters` : JSON.stringify(value)
}

type JudgeEnvironment = z.infer<typeof Environment>

function judgeConfig(env: JudgeEnvironment): JudgeConfig | null {
  const { JUDGE_URL: url, JUDGE_MODEL: model } = env
  if (url === undefined || model === undefined) return null
  return Object.freeze({
    url,
    model,
    apiKey: env.JUDGE_API_KEY ?? null,
    maxConcurrent: env.JUDGE_CONCURRENCY,
    timeoutMs: env.JUDGE_TIMEOUT_SECONDS * 1000,
    inputPrice: env.JUDGE_INPUT_PRICE ?? null,
    outputPrice: env.JUDGE_OUTPUT_PRICE ?? null,
  })
}

/** Half of a price would make half of a cost, which nobody could tell from a whole one. */
function incompleteJudge(env: JudgeEnvironment): string[] {
  const problems: string[] = []
  if (env.JUDGE_URL !== undefined && env.JUDGE_MODEL === undefined) {
    problems.push(
      'JUDGE_URL: also needs JUDGE_MODEL, the name of the model to ask; set it, or unset both',
    )
  }
  if ((env.JUDGE_INPUT_PRICE === undefined) !== (env.JUDGE_OUTPUT_PRICE === undefined)) {
    const missing = env.JUDGE_INPUT_PRICE === undefined ? 'JUDGE_INPUT_PRICE' : 'JUDGE_OUTPUT_PRICE'
    problems.push(
      `${missing}: is needed beside the other price; set both (0 is one), or unset both`,
    )
  }
  return problems
}

/** Better no start than data in another place than the operator asked for. */
function unsupportedStorage(databaseUrl: string | undefined, recordingsUrl: string | undefined) {
  const problems: string[] = []
  if (databaseUrl !== undefined) {
    problems.push('DATABASE_URL: this version stores in SQLite under DATA_DIR only; unset it')
  }
  if (recordingsUrl !== undefined) {
    problems.push('RECORDINGS_URL: this version keeps recordings under DATA_DIR only; unset it')
  }
  return problems
}
