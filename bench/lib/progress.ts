/** What a benchmark is doing, for the person who waits: standard output holds the table alone. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
