/**
 * Without the marks of emphasis and code that models write although they are asked for plain sentences: `**so**` and
 * backticks. Everything else stays as it was.
 */
export function plainText(text: string): string {
  return text.replace(/\*\*(\S(?:[^*\n]*\S)?)\*\*/g, '$1').replace(/`([^`\n]+)`/g, '$1')
}
