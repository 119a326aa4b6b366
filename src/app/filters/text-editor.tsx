import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useEffectEvent, useRef } from 'react'
import { type FilterIssue, issueText } from '#contract/filter-parse.ts'
import { pageNonce, replaceSelection } from './editor-page.ts'
import { type CompletionData, filterCompletions } from './json-completions.ts'
import { placeOfIssue } from './json-places.ts'
import { EDITOR_HIGHLIGHT, EDITOR_THEME } from './text-editor-theme.ts'

export type TextEditorProps = {
  text: string
  onChange: (text: string) => void
  issues: readonly FilterIssue[]
  completions: CompletionData
}

/** The filter as JSON. Its code is heavy: import it lazily. */
export function TextEditor({ text, onChange, issues, completions }: TextEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const handleChange = useEffectEvent(onChange)
  const getCompletions = useEffectEvent(() => completions)
  const getText = useEffectEvent(() => text)

  useEffect(() => {
    if (!host.current) return
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: getText(),
        extensions: [
          // The policy lets style elements through that name the page's nonce.
          EditorView.cspNonce.of(pageNonce()),
          lineNumbers(),
          history(),
          json(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          lintGutter(),
          autocompletion({ override: [filterCompletions(() => getCompletions())] }),
          keymap.of([
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...historyKeymap,
            ...lintKeymap,
            // Without a binding for Tab, which leaves the text as it leaves every field.
            ...defaultKeymap,
          ]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            'aria-label': 'Filter as JSON',
            'aria-describedby': 'filter-text-help',
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handleChange(update.state.doc.toString())
          }),
          EditorView.domEventHandlers({ beforeinput: replaceSelection }),
          syntaxHighlighting(EDITOR_HIGHLIGHT),
          EDITOR_THEME,
        ],
      }),
    })
    view.current = editor
    return () => {
      view.current = null
      editor.destroy()
    }
  }, [])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === text) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const shown = editor.state.doc.toString()
    editor.dispatch(
      setDiagnostics(
        editor.state,
        issues.map((issue) => toDiagnostic(shown, issue)),
      ),
    )
  }, [issues])

  return (
    <>
      <div
        ref={host}
        className="min-h-[240px] overflow-hidden rounded-[7px] border border-line bg-surface focus-within:border-accent"
      />
      <p id="filter-text-help" className="mt-[6px] text-[12px] text-ink-faint">
        Control and space complete keys, fields, operators and values.
      </p>
    </>
  )
}

function toDiagnostic(text: string, issue: FilterIssue): Diagnostic {
  return { ...placeOfIssue(text, issue), severity: 'error', message: issueText(issue) }
}
