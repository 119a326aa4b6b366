import { isAbsolute, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      dataDir: resolve('./data'),
      publicUrl: null,
      bootstrapApiKey: null,
      loadsDemo: true,
      workers: 1,
      logLevel: 'info',
      // 400 MB of 1024 * 1024 bytes
      maxRecordingBytes: 419_430_400,
      fetchTimeoutMs: 300_000,
      fetchAllow: [],
      judge: null,
    })
  })

  it('reads every variable', () => {
    const config = readConfig({
      HOST: '0.0.0.0',
      PORT: '0',
      DATA_DIR: 'somewhere',
      PUBLIC_URL: 'https://calls.example/',
      TALKTRACK_API_KEY: 'sixteen-chars-ok',
      DEMO: '0',
      WORKERS: '0',
      LOG_LEVEL: 'debug',
      MAX_RECORDING_MB: '0.5',
      FETCH_TIMEOUT_SECONDS: '1.5',
      FETCH_ALLOW: '10.0.0.0/8, 192.168.1.1/32,',
      JUDGE_URL: 'http://localhost:11434/v1',
      JUDGE_MODEL: 'qwen3:8b',
      JUDGE_API_KEY: ' judge-key\n',
      JUDGE_CONCURRENCY: '8',
      JUDGE_TIMEOUT_SECONDS: '2.5',
      JUDGE_INPUT_PRICE: '0.15',
      JUDGE_OUTPUT_PRICE: '0.6',
    })
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      publicUrl: 'https://calls.example',
      bootstrapApiKey: 'sixteen-chars-ok',
      loadsDemo: false,
      workers: 0,
      logLevel: 'debug',
      maxRecordingBytes: 524_288,
      fetchTimeoutMs: 1500,
      fetchAllow: ['10.0.0.0/8', '192.168.1.1/32'],
      judge: {
        url: 'http://localhost:11434/v1',
        model: 'qwen3:8b',
        apiKey: 'judge-key',
        maxConcurrent: 8,
        timeoutMs: 2500,
        inputPrice: 0.15,
        outputPrice: 0.6,
      },
    })
    expect(isAbsolute(config.dataDir)).toBe(true)
  })

  it('reads empty variables as unset, as compose files write them', () => {
    const names = [
      'HOST',
      'PORT',
      'DATA_DIR',
      'DATABASE_URL',
      'RECORDINGS_URL',
      'TALKTRACK_API_KEY',
      'DEMO',
    ]
    const more = [
      'PUBLIC_URL',
      'WORKERS',
      'LOG_LEVEL',
      'MAX_RECORDING_MB',
      'FETCH_TIMEOUT_SECONDS',
      'FETCH_ALLOW',
      'JUDGE_URL',
      'JUDGE_MODEL',
      'JUDGE_API_KEY',
      'JUDGE_CONCURRENCY',
      'JUDGE_TIMEOUT_SECONDS',
      'JUDGE_INPUT_PRICE',
      'JUDGE_OUTPUT_PRICE',
    ]
    const empty = Object.fromEntries([...names, ...more].map((name) => [name, '']))
    expect(readConfig(empty)).toEqual(readConfig({}))
  })

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true)
  })

  it.each([
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['DEMO', 'yes'],
    ['PUBLIC_URL', 'calls.example'],
    ['PUBLIC_URL', 'ftp://calls.example'],
    ['TALKTRACK_API_KEY', 'short'],
    ['WORKERS', '-1'],
    ['LOG_LEVEL', 'loud'],
    ['MAX_RECORDING_MB', '0'],
    ['FETCH_TIMEOUT_SECONDS', 'soon'],
    ['DATABASE_URL', 'postgres://localhost/x'],
    ['RECORDINGS_URL', 's3://bucket'],
    ['JUDGE_URL', 'localhost:11434'],
    ['JUDGE_URL', 'http://me:secret@judge.example/v1'],
    ['JUDGE_API_KEY', 'two words'],
    ['JUDGE_CONCURRENCY', '0'],
    ['JUDGE_CONCURRENCY', '1.5'],
    ['JUDGE_TIMEOUT_SECONDS', '0'],
    ['JUDGE_INPUT_PRICE', '-1'],
    ['JUDGE_OUTPUT_PRICE', '$2'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name}: `)])
  })

  it('names every problem at once, with what came', () => {
    const problems = problemsOf({ PORT: 'x', DEMO: 'yes' })
    expect(problems).toHaveLength(2)
    expect(problems.join('\n')).toMatch(/PORT: .*\(got "x"\)\nDEMO: .*\(got "yes"\)/)
  })

  it('asks a judge without a key, as a local one needs none', () => {
    const config = readConfig({ JUDGE_URL: 'http://localhost:8080', JUDGE_MODEL: 'any' })
    expect(config.judge).toEqual({
      url: 'http://localhost:8080',
      model: 'any',
      apiKey: null,
      maxConcurrent: 4,
      timeoutMs: 60_000,
      inputPrice: null,
      outputPrice: null,
    })
  })

  it('has no judge without its address', () => {
    expect(readConfig({ JUDGE_MODEL: 'any', JUDGE_API_KEY: 'judge-key' }).judge).toBeNull()
  })

  it('refuses the address of a judge without its model, and names both', () => {
    expect(problemsOf({ JUDGE_URL: 'http://localhost:8080' })).toEqual([
      expect.stringMatching(/^JUDGE_URL: .*JUDGE_MODEL/),
    ])
  })

  it.each([
    ['JUDGE_INPUT_PRICE', 'JUDGE_OUTPUT_PRICE'],
    ['JUDGE_OUTPUT_PRICE', 'JUDGE_INPUT_PRICE'],
  ])('refuses %s alone, and names %s', (given, missing) => {
    expect(problemsOf({ [given]: '0' })).toEqual([expect.stringMatching(`^${missing}: `)])
  })

  it.each([
    ['JUDGE_API_KEY', 'my secret'],
    ['JUDGE_URL', 'http://me:secret@judge.example/v1'],
    ['JUDGE_URL', 'ftp://judge.example/?key=secret'],
  ])('never repeats a secret in %s', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems.join()).not.toContain('secret')
  })
})
