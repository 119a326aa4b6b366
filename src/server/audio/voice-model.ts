import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/**
 * The lower of the two rates that the model knows: a telephone carries no more, and on telephone voices, which sound
 * muffled at 16 kHz, it misses fewer words, in less time.
 */
export const HEARD_RATE_HZ = 8000
/** New samples that the model hears at a time, and those before them that it hears again. */
export const WINDOW_SAMPLES = 256
export const CONTEXT_SAMPLES = 32

const MEMORY_LAYERS = 2
const LAYER_VALUES = 128

/** One channel that the model listens to. */
export type VoiceLane = {
  /** `CONTEXT_SAMPLES` that were heard before and `WINDOW_SAMPLES` that are new. */
  window: Float32Array
  /** What the model remembers of this channel; changed by hearing. */
  memory: Float32Array
}

export type VoiceModel = {
  /** How likely each lane's new samples hold speech, 0 to 1, in the order of the lanes. */
  hear: (lanes: readonly VoiceLane[]) => Promise<number[]>
}

export function createVoiceLane(): VoiceLane {
  return {
    window: new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES),
    memory: new Float32Array(MEMORY_LAYERS * LAYER_VALUES),
  }
}

/**
 * Silero VAD 6 on one thread, from the files of the installed packages: nothing is fetched. Takes half a second and
 * 120 MB, and 280 MB more while V8 optimises it, so it belongs in a process that does without and that ends. Throws
 * where WebAssembly or the files are missing.
 * Source of the shapes: the model's own inputs, and silero-vad's `utils_vad.py` for the context of 32 samples.
 */
export async function loadVoiceModel(): Promise<VoiceModel> {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm')
  const [wasm, model] = await Promise.all([
    readPackageFile('onnxruntime-web/ort-wasm-simd-threaded.wasm'),
    readPackageFile('@ricky0123/vad-web/dist/silero_vad_v6.onnx'),
  ])
  env.wasm.numThreads = 1
  env.wasm.wasmBinary = wasm
  const session = await InferenceSession.create(model, { executionProviders: ['wasm'] })
  const rate = new Tensor('int64', BigInt64Array.of(BigInt(HEARD_RATE_HZ)), [])

  const hear = async (lanes: readonly VoiceLane[]): Promise<number[]> => {
    const { output, stateN } = await session.run({
      input: new Tensor('float32', joinWindows(lanes), [lanes.length, windowLength]),
      state: new Tensor('float32', joinMemories(lanes), [
        MEMORY_LAYERS,
        lanes.length,
        LAYER_VALUES,
      ]),
      sr: rate,
    })
    if (!(output?.data instanceof Float32Array) || !(stateN?.data instanceof Float32Array)) {
      throw new Error('Expected numbers from the voice model.')
    }
    keepMemories(lanes, stateN.data)
    return [...output.data]
  }
  return { hear }
}

const windowLength = CONTEXT_SAMPLES + WINDOW_SAMPLES

async function readPackageFile(specifier: string): Promise<Buffer> {
  return readFile(fileURLToPath(import.meta.resolve(specifier)))
}

function joinWindows(lanes: readonly VoiceLane[]): Float32Array {
  const joined = new Float32Array(lanes.length * windowLength)
  for (const [lane, { window }] of lanes.entries()) joined.set(window, lane * windowLength)
  return joined
}

/** The model wants the first layer of every lane, then the second of every lane. */
function joinMemories(lanes: readonly VoiceLane[]): Float32Array {
  const joined = new Float32Array(MEMORY_LAYERS * lanes.length * LAYER_VALUES)
  for (const [lane, { memory }] of lanes.entries()) {
    for (let layer = 0; layer < MEMORY_LAYERS; layer++) {
      const values = memory.subarray(layer * LAYER_VALUES, (layer + 1) * LAYER_VALUES)
      joined.set(values, (layer * lanes.length + lane) * LAYER_VALUES)
    }
  }
  return joined
}

function keepMemories(lanes: readonly VoiceLane[], joined: Float32Array): void {
  for (const [lane, { memory }] of lanes.entries()) {
    for (let layer = 0; layer < MEMORY_LAYERS; layer++) {
      const from = (layer * lanes.length + lane) * LAYER_VALUES
      memory.set(joined.subarray(from, from + LAYER_VALUES), layer * LAYER_VALUES)
    }
  }
}
