import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from '#testing/until.ts'
import { createSandbox, type Sandbox, type ScriptAnswer } from './sandbox.ts'

const ANSWER = {
  kind: 'answered',
  result: null,
  explanation: [],
  extra: {},
  confidence: null,
  log: [],
}
const FOREVER = 'for (;;) {}'
/** Native code that does not look at the time: only ending the thread ends it. */
const DEAF = 'new Array(4e9).indexOf(3)'

const workers: Worker[] = []
const exited = new Set<Worker>()
const noteWorker = (worker: Worker) => {
  workers.push(worker)
  worker.on('exit', () => exited.add(worker))
}

let sandbox: Sandbox

beforeAll(() => {
  process.on('worker', noteWorker)
})
afterAll(() => {
  process.off('worker', noteWorker)
})

function useSandbox(options: Parameters<typeof createSandbox>[0]): void {
  beforeAll(() => {
    sandbox = createSandbox(options)
  })
  afterAll(() => sandbox.close())
}

function run(code: string, data: unknown = {}): Promise<ScriptAnswer> {
  return sandbox.run({ code, data })
}

// A second is long for these, and a machine at work on other things needs it.
describe('a script', () => {
  useSandbox({ timeoutMs: 5000 })

  it('answers what it returns', async () => {
    const code = 'return data.turns.length > 1'
    expect(await run(code, { turns: [1, 2] })).toEqual({ ...ANSWER, result: true })
  })

  it('answers an object of result, explanation, extra and confidence', async () => {
    const code = `return { result: 'late', explanation: 'why', extra: { n: 1 }, confidence: 80 }`
    expect(await run(code)).toEqual({
      ...ANSWER,
      result: 'late',
      explanation: ['why'],
      extra: { n: 1 },
      confidence: 80,
    })
  })

  it.each([
    ['assigned', '_result = 4; _explanation = ["a", "b"]; _extra = { n: 1 }; _confidence = 0'],
    [
      'declared',
      'const _result = 4; let _explanation = ["a", "b"]; var _extra = { n: 1 }; const _confidence = 0',
    ],
    [
      'assigned in strict mode',
      '"use strict"\n_result = 4; _explanation = ["a", "b"]; _extra = { n: 1 }; _confidence = 0',
    ],
    [
      'assigned before an early return',
      '_result = 4; _explanation = ["a", "b"]; _extra = { n: 1 }; _confidence = 0; if (data) return; _result = 5',
    ],
    [
      'assigned beside a returned result',
      '_result = 3; _explanation = ["a", "b"]; _extra = { n: 1 }; _confidence = 0; return 4',
    ],
  ])('answers the names it has %s', async (_how, code) => {
    expect(await run(code)).toEqual({
      ...ANSWER,
      result: 4,
      explanation: ['a', 'b'],
      extra: { n: 1 },
      confidence: 0,
    })
  })

  it('answers null for a call it has nothing to say about', async () => {
    expect(await run('_result = null')).toEqual(ANSWER)
  })

  it('may end in a comment', async () => {
    expect(await run('return 1 // done')).toEqual({ ...ANSWER, result: 1 })
  })

  it('reads and writes every script of the world', async () => {
    const text = '你好 مرحبا é 😀 \u0000 \ud800 "\\ \u2028'
    expect(await run(`return data + '😀'`, text)).toEqual({ ...ANSWER, result: `${text}😀` })
  })

  it('logs what it prints, as far as there is room', async () => {
    const answer = await run(`
      console.log('turns', 2, { a: [1] }, undefined, new Error('no'))
      console.error('x'.repeat(5000))
      for (let i = 0; i < 500; i++) console.log(i)
      return 1`)
    // The first line, the long one cut to 1,000, then 98 more and the one that says that there were more.
    expect(answer.log).toHaveLength(101)
    expect(answer.log.slice(0, 3)).toEqual([
      'turns 2 {"a":[1]} undefined Error: no',
      'x'.repeat(1000),
      '0',
    ])
    expect(answer.log.slice(-2)).toEqual(['97', '(more lines are left out)'])
  })

  it('gets JSON and gives JSON, unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (value) => {
        const answer = await run('return { result: true, extra: { value: data } }', value)
        // As JSON text, since JSON itself has no -0.
        expect(JSON.stringify('extra' in answer && answer.extra)).toBe(JSON.stringify({ value }))
      }),
      { numRuns: 100 },
    )
  })

  it('keeps a key that is called __proto__ a key', async () => {
    const answer = await run('_extra = data; return 1', JSON.parse('{"__proto__":{"a":1}}'))
    expect('extra' in answer && Object.keys(answer.extra)).toEqual(['__proto__'])
    expect('extra' in answer && Object.getPrototypeOf(answer.extra)).toBe(Object.prototype)
  })
})

describe('a broken script', () => {
  useSandbox({ timeoutMs: 5000 })

  it.each([
    ['let a = 1\nlet b = (a', 'Syntax error in line 2: '],
    ['_result =', 'Syntax error in line 1: '],
    ['return 1 }', 'Syntax error in line 1: '],
    ['/* no end', 'Syntax error in line 1: '],
    ['const a = 1\n\nawait a', "Syntax error in line 3: expecting ';'. Scripts cannot wait"],
    ['import fs from "fs"', "Syntax error in line 1: expecting '('. Scripts are no modules"],
  ])('fails as one that cannot be read: %j', async (code, start) => {
    const answer = await run(code)
    expect(answer).toMatchObject({ kind: 'failed', reason: 'syntax' })
    expect('message' in answer && answer.message).toContain(start)
  })

  it.each([
    ['const a = null\n\na.x', "TypeError: cannot read property 'x' of null (line 3)"],
    ['const f = () => {\n  throw new RangeError("é")\n}\nf()', 'RangeError: é (line 2)'],
    ['throw "text"', 'The script threw text'],
    ['throw null', 'The script threw null'],
    ['throw { get message() { throw 1 }, toString() { throw 2 } }', 'The script threw object'],
    ['const f = () => f() + 1\nf()', 'The script nests or calls itself too deeply (line 1)'],
    ['eval("[".repeat(100000))', 'The script nests or calls itself too deeply (line 1)'],
    ['const f = () => [2, 1].sort(f)\nf()', 'The script nests or calls itself too deeply (line 1)'],
    ['return { get result() { throw new Error("late") } }', 'Error: late (line 1)'],
  ])('fails as one that threw: %j', async (code, message) => {
    expect(await run(code)).toEqual({ kind: 'failed', reason: 'threw', message, log: [] })
  })

  it.each([
    ['', 'The script ended without a result: set _result, or return it.'],
    ['return {}', 'The script ended without a result: set _result, or return it.'],
    ['return [1]', 'The result is a list; it must be true, false, a number, a text or null.'],
    ['_result = {}', 'The result is an object; it must be true, false, a number, a text or null.'],
    ['return 0 / 0', 'The result is NaN; it must be true, false, a number, a text or null.'],
    ['return 5n', 'The result is bigint; it must be true, false, a number, a text or null.'],
    [
      'return (async () => 1)()',
      'The result is a promise. There is nothing to wait for here: leave out async and await.',
    ],
    [
      '_extra = {}; _extra.me = _extra; return 1',
      'The answer cannot be written as JSON: it holds something circular, a BigInt, or a toJSON that fails.',
    ],
    ['_explanation = [{}]; return 1', 'The explanation must be a text or a list of texts.'],
    ['_extra = [1]; return 1', 'The extra must be an object.'],
    ['_confidence = 101; return 1', 'The confidence must be a number from 0 to 100.'],
  ])('fails as one with a wrong result: %j', async (code, message) => {
    expect(await run(code)).toEqual({ kind: 'failed', reason: 'wrong-result', message, log: [] })
  })

  it('fails with what it printed before', async () => {
    expect(await run('console.log("so far"); throw new Error("no further")')).toMatchObject({
      reason: 'threw',
      log: ['so far'],
    })
  })

  it.each([
    ['objects', 'const all = []; for (;;) all.push({})'],
    ['texts', 'const all = []; for (;;) all.push("x".repeat(1000) + all.length)'],
    ['one text', 'let text = "x"; for (;;) text += text'],
    ['one buffer', 'new ArrayBuffer(1e9)'],
  ])('fails for want of memory: %s', async (_what, code) => {
    const answer = await run(code)
    expect(answer).toMatchObject({ kind: 'failed', reason: 'memory' })
    expect('message' in answer && answer.message).toContain('more than 32 MB of memory')
  })

  it('fails with a result of more than 64 KB', async () => {
    expect(await run('return "x".repeat(65536)')).toMatchObject({ reason: 'too-large' })
    expect(await run('return "x".repeat(65000)')).toMatchObject({ kind: 'answered' })
  })

  it('fails on data of more than 10 MB or a thousand thousand levels', async () => {
    expect(await run('return 1', 'x'.repeat(11_000_000))).toMatchObject({ reason: 'too-large' })
    const deep: unknown = JSON.parse('['.repeat(1_000_000) + ']'.repeat(1_000_000))
    expect(await run('return 1', deep)).toMatchObject({ reason: 'too-large' })
  })

  it('fails with more than 100,000 characters of code', async () => {
    expect(await run(`return 1 //${'x'.repeat(100_000)}`)).toMatchObject({ reason: 'too-large' })
  })

  it('has its memory beside that of the data', async () => {
    // 10 MB of JSON, then 20 MB of texts.
    const code =
      'const all = []; for (let i = 0; i < 20; i++) all.push("x".repeat(1e6) + i); return all.length'
    expect(await run(code, 'é'.repeat(5_000_000))).toEqual({ ...ANSWER, result: 20 })
  })
})

describe('the walls of the sandbox', () => {
  useSandbox({ timeoutMs: 5000 })

  it.each([
    'process',
    'require',
    'fetch',
    'setTimeout',
    'WebAssembly',
    'Buffer',
    'module',
    'performance',
    'std',
    'os',
    '(() => {}).constructor("return process")()',
    'console.log.constructor("return process")()',
  ])('keep %s out', async (name) => {
    expect(await run(`return ${name}.x`)).toMatchObject({ kind: 'failed', reason: 'threw' })
  })

  it('load no module', async () => {
    const code = `
      let seen = 'nothing'
      import('node:fs').then(() => { seen = 'fs' }, () => { seen = 'refused' })
      return seen`
    expect(await run(code)).toEqual({ ...ANSWER, result: 'nothing' })
  })

  it('let nothing over into the next run', async () => {
    await run(`
      globalThis.left = 1
      Object.prototype.left = 2
      Array.prototype.map = () => 'mine'
      JSON.parse = () => 'mine'
      _result = 3
      return 1`)
    expect({}).not.toHaveProperty('left')
    const code =
      'return [typeof left, typeof {}.left, [1].map((x) => x + 1)[0], data.a, typeof _result].join()'
    expect(await run(code, { a: 5 })).toEqual({
      ...ANSWER,
      result: 'undefined,undefined,2,5,undefined',
    })
  })

  it('hold when a script teaches all objects a toJSON', async () => {
    const code = `
      Object.prototype.toJSON = Array.prototype.toJSON = () => ({ kind: 'number', result: 9 })
      console.log('said')
      if (data) throw new Error('no')
      return 1`
    expect(await run(code, false)).toEqual({ ...ANSWER, result: 1, log: ['said'] })
    expect(await run(code, true)).toMatchObject({ message: 'Error: no (line 4)', log: ['said'] })
  })

  it('hold when the script replaces the language it is judged with', async () => {
    const code = `
      JSON.stringify = Array.isArray = String.prototype.slice = Reflect.apply = Number.isFinite = () => 'mine'
      String = Error = 5
      console.log('said')
      return 1`
    expect(await run(code)).toEqual({ ...ANSWER, result: 1, log: ['said'] })
  })

  it('hold when a script closes the function it is wrapped in', async () => {
    const code =
      '})(); return [1, []] }); (function () { return [2, [2]] }); (function () { (function () {'
    expect(await run(code)).toMatchObject({ kind: 'failed' })
    expect(await run('return 1')).toEqual({ ...ANSWER, result: 1 })
  })
})

describe('the time limit', () => {
  useSandbox({ timeoutMs: 500 })

  it('ends an endless loop and says where it was', async () => {
    const code = 'const all = []\n\nfor (;;) all.indexOf(1)'
    expect(await run(code)).toEqual({
      kind: 'failed',
      reason: 'timeout',
      message: 'The script ran longer than 0.5 s (in line 3 or after it).',
      log: [],
    })
  })

  it('cannot be caught, and leaves the log', async () => {
    const code = `console.log('in'); try { ${FOREVER} } catch { return 1 } finally { return 2 }`
    expect(await run(code)).toMatchObject({ reason: 'timeout', log: ['in'] })
  })

  it('ends a regular expression that tries everything', async () => {
    const answer = await run('return /^(a+)+$/.test("a".repeat(50) + "b")')
    expect(answer).toMatchObject({ reason: 'timeout' })
  })

  it('counts what a getter of the answer does', async () => {
    expect(await run(`return { get result() { ${FOREVER} } }`)).toMatchObject({ reason: 'timeout' })
  })

  it('ends what does not listen from outside, and the scripts that wait still run', async () => {
    const answers = await Promise.all([run(DEAF), run('return 1'), run('return 2')])
    expect(answers).toEqual([
      { kind: 'failed', reason: 'timeout', message: 'The script ran longer than 0.5 s.', log: [] },
      { ...ANSWER, result: 1 },
      { ...ANSWER, result: 2 },
    ])
  })
})

describe('a sandbox', () => {
  beforeEach(() => {
    workers.length = 0
    exited.clear()
  })
  afterEach(() => sandbox.close())

  it('starts no thread before the first script, and one for many', async () => {
    sandbox = createSandbox()
    await sleep(20)
    expect(workers).toHaveLength(0)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => run('return data.index * 2', { index })),
    )
    expect(answers).toEqual(answers.map((_, index) => ({ ...ANSWER, result: index * 2 })))
    expect(workers).toHaveLength(1)
  })

  it('runs as many scripts at a time as it is told', async () => {
    sandbox = createSandbox({ concurrency: 2, timeoutMs: 5000 })
    await Promise.all([run('return 1'), run('return 2'), run('return 3')])
    expect(workers).toHaveLength(2)
  })

  it('ends its thread when there is nothing to do, and starts another', async () => {
    sandbox = createSandbox({ idleMs: 50 })
    await run('return 1')
    await until(() => exited.size === 1)
    expect(await run('return 2')).toEqual({ ...ANSWER, result: 2 })
    expect(workers).toHaveLength(2)
  })

  it('lets go of a script that runs or waits when its signal aborts', async () => {
    sandbox = createSandbox({ timeoutMs: 20_000 })
    const controller = new AbortController()
    const { signal } = controller
    const running = sandbox.run({ code: FOREVER, data: {}, signal })
    const waiting = sandbox.run({ code: 'return 1', data: {}, signal })
    const settled = Promise.allSettled([running, waiting])
    const other = run('return 2')
    setTimeout(() => controller.abort('Not needed any more.'), 100)
    expect(await settled).toEqual([
      { status: 'rejected', reason: 'Not needed any more.' },
      { status: 'rejected', reason: 'Not needed any more.' },
    ])
    expect(await other).toEqual({ ...ANSWER, result: 2 })
    await expect(sandbox.run({ code: '', data: {}, signal })).rejects.toBe('Not needed any more.')
  })

  it('ends its threads and what they do when it is closed', async () => {
    sandbox = createSandbox({ timeoutMs: 20_000 })
    const running = run(FOREVER)
    const waiting = run('return 1')
    const settled = Promise.allSettled([running, waiting])
    await until(() => workers.length === 1)
    await sandbox.close()
    expect(await settled).toMatchObject([
      { status: 'rejected', reason: { message: 'The sandbox is closed.' } },
      { status: 'rejected', reason: { message: 'The sandbox is closed.' } },
    ])
    expect(exited).toEqual(new Set(workers))
    await expect(run('return 1')).rejects.toThrow('The sandbox is closed.')
  })

  it('keeps no process alive that has nothing else to do', async () => {
    const program = `
      import { createSandbox } from ${JSON.stringify(new URL('./sandbox.ts', import.meta.url).href)}
      const answer = await createSandbox().run({ code: 'return 1', data: {} })
      console.log(answer.result)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
    child.stdout.setEncoding('utf8')
    let printed = ''
    child.stdout.on('data', (text: string) => {
      printed += text
    })
    // The thread would stay for a minute.
    expect(await once(child, 'close')).toEqual([0, null])
    expect(printed).toBe('1\n')
  })

  it('goes on after its thread has died', async () => {
    sandbox = createSandbox()
    await run('return 1')
    await workers[0]?.terminate()
    expect(await run('return 2')).toEqual({ ...ANSWER, result: 2 })
  })

  it('refuses data that JSON has no word for', async () => {
    sandbox = createSandbox()
    await expect(run('return 1', { a: 1n })).rejects.toThrow(TypeError)
    expect(await sandbox.run({ code: 'return data', data: undefined })).toEqual(ANSWER)
  })
})
