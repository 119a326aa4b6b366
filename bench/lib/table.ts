import { describeMachine, loadText } from './machine.ts'

/** A limit that a figure, or its ratio to the baseline, must keep. `of`: which of several figures. */
export type Bar = { on: 'value' | 'ratio'; of?: number } & (
  | { atMost: number }
  | { atLeast: number }
)

export type Baseline = { what: string; figures: readonly number[] }

/** One measured thing: one figure or several of a kind, such as p50 and p95, and the same of a baseline. */
export type Row = {
  what: string
  figures: readonly number[]
  /** Of the figures, and what they are if there are several: `ms, p50 / p95`. */
  unit: string
  /** Null where the best there can be is none: lost calls, frames that waited. */
  baseline: Baseline | null
  bars?: readonly Bar[]
}

export type Table = { title: string; rows: readonly Row[]; notes?: readonly string[] }

const HEADER = ['what', 'figure', 'unit', 'baseline', 'of', 'ratio', 'bar', '']

/** Prints figures beside their baselines, with the machine they were measured on, to standard output. */
export function printTable(table: Table): void {
  process.stdout.write(`${renderTable(table)}\n`)
}

function renderTable({ title, rows, notes = [] }: Table): string {
  const lines = [HEADER, ...rows.map(toCells)]
  const widths = HEADER.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  )
  const padded = lines.map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '))
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return [
    title,
    describeMachine(),
    `Load at the end: ${loadText()}`,
    '',
    padded[0] ?? '',
    rule,
    ...padded.slice(1),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ]
    .map((line) => line.trimEnd())
    .join('\n')
}

function toCells(row: Row): string[] {
  const ratios = ratiosOf(row)
  const bars = row.bars ?? []
  const isMet = bars.every((bar) => keepsBar(bar, { figures: row.figures, ratios }))
  return [
    row.what,
    inOneCell(row.figures),
    row.unit,
    row.baseline ? inOneCell(row.baseline.figures) : '',
    row.baseline?.what ?? '',
    ratios.length > 0 ? `${inOneCell(ratios)} ×` : '',
    bars.map((bar) => barText(bar)).join(', '),
    bars.length === 0 ? '' : isMet ? 'met' : 'MISSED',
  ]
}

function ratiosOf({ figures, baseline }: Row): number[] {
  if (baseline === null) return []
  return figures.map((figure, i) => figure / (baseline.figures[i] ?? Number.NaN))
}

function keepsBar(
  bar: Bar,
  { figures, ratios }: { figures: readonly number[]; ratios: readonly number[] },
): boolean {
  const value = (bar.on === 'value' ? figures : ratios)[bar.of ?? 0] ?? Number.NaN
  return 'atMost' in bar ? value <= bar.atMost : value >= bar.atLeast
}

function barText(bar: Bar): string {
  const limit = 'atMost' in bar ? `≤ ${bar.atMost}` : `≥ ${bar.atLeast}`
  return bar.on === 'ratio' ? `${limit} ×` : limit
}

function inOneCell(figures: readonly number[]): string {
  return figures.map(figureText).join(' / ')
}

/** Three digits say what a measurement on a shared machine can know. */
function figureText(figure: number): string {
  if (!Number.isFinite(figure)) return '–'
  if (Number.isInteger(figure)) return String(figure)
  if (Math.abs(figure) >= 100) return String(Math.round(figure))
  return String(Number(figure.toPrecision(figure >= 10 ? 3 : 2)))
}
