import { jsonLanguage } from '@codemirror/lang-json'
import type { FilterIssue } from '#contract/filter-parse.ts'

/** A stretch of a text: UTF-16 offsets, end exclusive. */
export type TextRange = { from: number; to: number }

type Node = ReturnType<typeof jsonLanguage.parser.parse>['topNode']

/**
 * Where in JSON text a mistake is: the value its path leads to, or the nearest thing around it that is there. A key
 * that is missing is shown at the brace of its object.
 */
export function placeOfIssue(text: string, issue: FilterIssue): TextRange {
  if (issue.offset !== undefined) return atOffset(text, issue.offset)
  const root = jsonLanguage.parser.parse(text).topNode.firstChild
  if (!root) return { from: 0, to: text.length }
  let node: Node = root
  for (const step of stepsOf(issue.path)) {
    const inner = typeof step === 'number' ? elementAt(node, step) : propertyAt(node, step, text)
    if (!inner) return { from: node.from, to: Math.min(node.from + 1, node.to) }
    node = inner
  }
  const isWhole = node.name === 'Object' || node.name === 'Array'
  return isWhole ? { from: node.from, to: node.from + 1 } : { from: node.from, to: node.to }
}

function atOffset(text: string, offset: number): TextRange {
  // At the end of the text nothing is left to underline but the last letter.
  const from = Math.min(offset, Math.max(0, text.length - 1))
  return { from, to: Math.min(from + 1, text.length) }
}

/** `conditions[1].value` as `conditions`, 1, `value`. */
function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) =>
    index === undefined ? (key ?? '') : Number(index),
  )
}

function elementAt(node: Node, index: number): Node | null {
  const elements: Node[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (VALUES.has(child.name)) elements.push(child)
  }
  return elements[index] ?? null
}

/** The rest of a list's parts are its brackets and commas. */
const VALUES = new Set(['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null'])

function propertyAt(node: Node, key: string, text: string): Node | null {
  for (const property of node.getChildren('Property')) {
    const name = property.getChild('PropertyName')
    if (name && text.slice(name.from, name.to) === JSON.stringify(key)) return property.lastChild
  }
  return null
}
