import { createHash } from 'node:crypto'

/** Hexadecimal digits: 64 bits, so that nobody can say the name of a fence in the very text it is made from. */
const NAME_LENGTH = 16

export type Fence = {
  /** The name both tags have. */
  name: string
  /** On lines of its own. */
  block: (text: string) => string
  /** Within a sentence. */
  inline: (text: string) => string
}

/**
 * Tags around what others wrote, by a name that occurs in none of `texts`, so that no text can close them. The name
 * comes from the first text alone: the same call asked about again begins with the same words, which endpoints that
 * remember a prompt's beginning answer faster and cheaper.
 */
export function createFence(texts: readonly [string, ...string[]]): Fence {
  const name = findName(texts, 0)
  const [open, close] = [`<${name}>`, `</${name}>`]
  return {
    name,
    block: (text) => `${open}\n${text}\n${close}`,
    inline: (text) => `${open}${text}${close}`,
  }
}

function findName(texts: readonly [string, ...string[]], attempt: number): string {
  const digest = createHash('sha256').update(`${attempt}\n${texts[0]}`).digest('hex')
  const name = `data-${digest.slice(0, NAME_LENGTH)}`
  return texts.some((text) => text.includes(name)) ? findName(texts, attempt + 1) : name
}
