import { EditorView } from '@codemirror/view'

/**
 * Chromium, asked to type over a selection, keeps its colours by inline styles, which the policy refuses with a line in
 * the console for each. So the selection is replaced here instead. A handler of `beforeinput`.
 */
export function replaceSelection(event: InputEvent, view: EditorView): boolean {
  const { main } = view.state.selection
  const isOurs = event.inputType === 'insertText' && !event.isComposing && !main.empty
  if (!isOurs || event.data === null || view.state.readOnly) return false
  event.preventDefault()
  const { data } = event
  const insert = () =>
    view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type' })
  const isTaken = view.state
    .facet(EditorView.inputHandler)
    .some((handle) => handle(view, main.from, main.to, data, insert))
  if (!isTaken) view.dispatch(insert())
  return true
}

/** The policy lets style elements through that name the page's nonce. */
export function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
}
