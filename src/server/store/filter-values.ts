import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { FilterOp, FilterRule, FilterScalar } from '#contract/filter.ts'
import { resolveTime } from '#contract/filter-time.ts'
import type { Dialect } from './dialect.ts'
import type { Tables } from './tables.ts'

/** Any builder, whatever tables it knows: the values here are expressions, not names of columns. */
// biome-ignore lint/suspicious/noExplicitAny: Kysely has no type for "a builder of some tables".
export type AnyBuilder = ExpressionBuilder<Tables, any>

/** A value in SQL, of one kind and null where there is none. */
export type SqlValue = {
  value: Expression<unknown>
  kind: 'text' | 'number' | 'boolean' | 'time'
  /** What a rule's number is in the column's unit. */
  toColumn?: ((value: number) => number) | undefined
}

type Comparison = { op: FilterOp; wanted: FilterScalar }
type Context = { dialect: Dialect; now: number }

/**
 * What a rule of any operator but `neq`, `in` and `isnull` says of one value. May be null in SQL where the value is
 * null: wrap it in `holds`.
 */
export function comparison(
  eb: AnyBuilder,
  { value, kind, toColumn }: SqlValue,
  { op, wanted, ...context }: Comparison & Context,
): Expression<SqlBool> {
  if (wanted === null) return op === 'eq' ? eb(value, 'is', null) : eb.lit(false)
  switch (op) {
    case 'contains':
    case 'startswith':
    case 'endswith':
      return context.dialect.testText({ value, op, needle: String(wanted) })
    case 'regex':
      return context.dialect.matchesPattern(value, String(wanted))
    default:
  }
  if (kind === 'time') return timeComparison(eb, value, { op, wanted, now: context.now })
  const fits = kind === 'text' ? typeof wanted === 'string' : typeof wanted !== 'string'
  if (!fits) return eb.lit(false)
  const asked = typeof wanted === 'number' && toColumn ? toColumn(wanted) : toSql(wanted)
  return eb(value, SQL_OPERATOR[op], asked)
}

/** Values that are bound one by one, which SQLite's planner can use better. 200 such lists have room in a statement. */
const LONGEST_BOUND_LIST = 20

/** `eq` for one of the values. */
export function equalsOneOf(
  eb: AnyBuilder,
  target: SqlValue,
  { wanted, ...context }: { wanted: readonly FilterScalar[] } & Context,
): Expression<SqlBool> {
  const asked = new Set<string | number>()
  const others: Expression<SqlBool>[] = []
  for (const one of new Set(wanted)) {
    if (one === null || target.kind === 'time') {
      others.push(comparison(eb, target, { op: 'eq', wanted: one, ...context }))
    } else if ((typeof one === 'string') === (target.kind === 'text')) {
      // No column equals a value of another kind.
      asked.add(typeof one === 'number' && target.toColumn ? target.toColumn(one) : toSql(one))
    }
  }
  if (asked.size === 0) return eb.or(others)
  const list = [...asked]
  const isListed =
    list.length > LONGEST_BOUND_LIST
      ? context.dialect.isOneOf(target.value, list)
      : eb(target.value, 'in', list)
  return eb.or([isListed, ...others])
}

type OrderedOp = Exclude<FilterOp, 'contains' | 'startswith' | 'endswith' | 'regex'>

const SQL_OPERATOR = {
  eq: '=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  // Taken apart before a value is compared.
  neq: '=',
  in: '=',
  isnull: '=',
} as const satisfies Record<OrderedOp, string>

function timeComparison(
  eb: AnyBuilder,
  value: Expression<unknown>,
  { op, wanted, now }: Comparison & { op: OrderedOp; now: number },
): Expression<SqlBool> {
  const time = (edge: 'start' | 'end') => resolveTime(String(wanted), { now, edge })
  switch (op) {
    case 'gt':
    case 'gte':
      return eb(value, SQL_OPERATOR[op], time('start'))
    case 'lt':
    case 'lte':
      return eb(value, SQL_OPERATOR[op], time('end'))
    default:
      return eb.and([eb(value, '>=', time('start')), eb(value, '<=', time('end'))])
  }
}

/** True or false, never null; and opaque to SQLite's planner, which must not let it choose the way. */
export function holds(eb: AnyBuilder, condition: Expression<SqlBool>): Expression<SqlBool> {
  return eb(condition, 'is', eb.lit(true))
}

/** `in` as the values that `eq` would be asked for. */
export function listed(value: FilterRule['value']): readonly FilterScalar[] {
  return Array.isArray(value) ? value : [value as FilterScalar]
}

export function single(value: FilterRule['value']): FilterScalar {
  return Array.isArray(value) ? null : (value as FilterScalar)
}

function toSql(value: string | number | boolean): string | number {
  return typeof value === 'boolean' ? Number(value) : value
}
