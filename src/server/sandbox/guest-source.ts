/** The name of the user's script in stack traces. */
export const SCRIPT_FILE = 'script.js'

const BEFORE_SCRIPT =
  '(function (data) { var _result, _explanation, _extra, _confidence, __named; var __returned = (function () {'

/** The semicolon keeps an unfinished last line from going on in ours. */
const AFTER_SCRIPT = `
;__named = [_result, _explanation, _extra, _confidence] })()
return [__returned, __named ?? [_result, _explanation, _extra, _confidence]] })`

/**
 * A function of the call's data that answers `[returned, [_result, _explanation, _extra, _confidence]]`.
 * The script becomes a function body whose first line is the first line of the whole, so that the lines of
 * errors are the user's own. The names may be assigned or declared with `var`, `let` or `const`: they are read
 * where the body ends, or from outside of it where it returned early.
 */
export function wrapScript(code: string): string {
  return BEFORE_SCRIPT + code + AFTER_SCRIPT
}

/**
 * Runs inside QuickJS before the script and holds on to what it needs of the language, since the script may
 * change all of it. `run` and `log` answer JSON text, which the host reads as it reads any stranger's. The
 * script gets none of these functions, and no function of the host exists inside.
 */
export const PRELUDE = `(() => {
  const { parse, stringify } = JSON
  const { apply } = Reflect
  const { setPrototypeOf } = Object
  const { slice } = String.prototype
  const { isArray } = Array
  const { isFinite } = Number
  const text = String
  const [Failure, EngineFailure] = [Error, InternalError]
  const [MAX_LINES, MAX_LINE_LENGTH, MAX_TRACE_LENGTH] = [100, 1000, 4000]

  // Without a prototype, for the script may teach all others a toJSON.
  const bare = (fields) => ({ __proto__: null, ...fields })
  const lines = setPrototypeOf([], null)
  const cut = (value, length) => apply(slice, text(value), [0, length])

  const show = (value) => {
    if (typeof value === 'string') return value
    try {
      return (value instanceof Failure ? undefined : stringify(value)) ?? text(value)
    } catch {
      return typeof value
    }
  }
  const print = (...values) => {
    if (lines.length > MAX_LINES) return
    let line = ''
    for (let i = 0; i < values.length; i++) line += (i > 0 ? ' ' : '') + cut(show(values[i]), MAX_LINE_LENGTH)
    lines[lines.length] = lines.length < MAX_LINES ? cut(line, MAX_LINE_LENGTH) : '(more lines are left out)'
  }
  globalThis.console = { log: print, info: print, debug: print, warn: print, error: print }

  const kindOf = (value) => {
    if (value === null) return 'null'
    if (isArray(value)) return 'list'
    if (typeof value === 'object' && typeof value.then === 'function') return 'promise'
    if (typeof value === 'number' && !isFinite(value)) return text(value)
    return typeof value
  }
  const answerOf = (returned, [result, explanation, extra, confidence]) => {
    if (kindOf(returned) === 'object') {
      const { result, explanation, extra, confidence } = returned
      return { result, explanation, extra, confidence }
    }
    return { result: returned === undefined ? result : returned, explanation, extra, confidence }
  }
  const run = (script, data) => {
    const [returned, named] = script(data)
    const answer = answerOf(returned, named)
    const kind = kindOf(answer.result)
    if (typeof answer.result === 'bigint') answer.result = undefined
    try {
      return stringify(bare({ kind, ...answer }))
    } catch (error) {
      if (error instanceof EngineFailure) throw error
      return stringify(bare({ kind: 'unwritable' }))
    }
  }

  const part = (read, length) => {
    try {
      return cut(read(), length)
    } catch {
      return ''
    }
  }
  const explain = (error) => {
    if (!(error instanceof Failure)) {
      return stringify(bare({ name: '', message: part(() => show(error), MAX_LINE_LENGTH), stack: '' }))
    }
    return stringify(bare({
      name: part(() => error.name, 100),
      message: part(() => error.message, MAX_LINE_LENGTH),
      stack: part(() => error.stack, MAX_TRACE_LENGTH),
    }))
  }
  return { read: (json) => parse(json), run, explain, log: () => stringify(lines) }
})()`
