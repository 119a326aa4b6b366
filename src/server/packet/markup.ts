/** HTML that is safe to put into a page. Only `html` and `trusted` make it. */
export type Markup = { readonly markup: string }

type Value = Markup | string | number | null | false | readonly Markup[]

/** HTML in which every value is escaped, for text and for quoted attributes; null and false leave nothing. */
export function html(pieces: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const markup = pieces.map((piece, index) => piece + textOf(values[index] ?? null)).join('')
  return { markup }
}

/** Our own text as HTML, unescaped: never for what somebody sent. */
export function trusted(markup: string): Markup {
  return { markup }
}

function textOf(value: Value): string {
  if (value === null || value === false) return ''
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)
}
