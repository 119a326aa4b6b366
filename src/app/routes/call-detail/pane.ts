/** What a call's page shows beside the player: on wide screens the conversation and one of the others. */
export type Pane = 'conversation' | 'results' | 'details' | 'comments'

const PANES: readonly Pane[] = ['conversation', 'results', 'details', 'comments']

/** What `?pane=` asks for; null without one and for nonsense. */
export function parsePane(params: URLSearchParams): Pane | null {
  return PANES.find((pane) => pane === params.get('pane')) ?? null
}

/** The same search (empty, or with its `?`) with the pane in it; null takes it out. */
export function withPane(search: string, pane: Pane | null): string {
  const params = new URLSearchParams(search)
  if (pane === null) params.delete('pane')
  else params.set('pane', pane)
  const text = params.toString()
  return text && `?${text}`
}
