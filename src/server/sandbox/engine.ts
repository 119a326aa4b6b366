import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import releaseVariant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
} from 'quickjs-emscripten-core'

// The compiler's libraries describe WebAssembly to browsers alone.
declare const WebAssembly: {
  compile: (bytes: Uint8Array) => Promise<object>
  Memory: new (pages: { initial: number; maximum: number }) => { buffer: ArrayBuffer }
}

/** Compiled once for a thread; of each run's own are the memory and everything in it. */
export type Engine = { newContext: (limits: EngineLimits) => Promise<EngineContext> }

export type EngineContext = { context: QuickJSContext; isMemoryFull: () => boolean }

/** `isOver` is asked every few microseconds while a script runs, and ends it by answering true. */
export type EngineLimits = { maxMemoryBytes: number; isOver: () => boolean }

// The package's types describe its CommonJS form, in which the variant lies one level deeper.
const variant = releaseVariant as unknown as (typeof releaseVariant)['default']

const PAGE_BYTES = 65_536
/** What the compiled module asks for at least: 16 MB. */
const MIN_PAGES = 256
/** The memory grows by at least a twentieth at a time, so it cannot always reach its end. */
const FULL = 0.9
/** Some 3,000 nested calls. The thread's own stack must be larger than what these take of it. */
const MAX_STACK_BYTES = 512 * 1024

export async function loadEngine(): Promise<Engine> {
  const file = fileURLToPath(import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'))
  const wasmModule = await WebAssembly.compile(await readFile(file))
  return { newContext: (limits) => newContext(wasmModule, limits) }
}

/**
 * A context in an instance and a memory of its own (1 to 2 ms). It is never disposed of: with the last
 * reference to it the whole instance goes, whatever state a script left it in.
 */
async function newContext(
  wasmModule: object,
  { maxMemoryBytes, isOver }: EngineLimits,
): Promise<EngineContext> {
  // QuickJS's own memory limit counts nothing but large blocks in this build, so the memory itself must end.
  const maximum = Math.max(MIN_PAGES, Math.ceil(maxMemoryBytes / PAGE_BYTES))
  const wasmMemory = new WebAssembly.Memory({ initial: MIN_PAGES, maximum })
  const instance = await newQuickJSWASMModuleFromVariant(
    newVariant(variant, { wasmModule, wasmMemory }),
  )
  const runtime = instance.newRuntime({
    memoryLimitBytes: maxMemoryBytes,
    maxStackSizeBytes: MAX_STACK_BYTES,
    interruptHandler: isOver,
  })
  return {
    context: runtime.newContext(),
    isMemoryFull: () => wasmMemory.buffer.byteLength > FULL * maximum * PAGE_BYTES,
  }
}
