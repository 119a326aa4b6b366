import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { bracketMatching, indentUnit } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import {
  Decoration,
  EditorView,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
} from '@codemirror/view'
import { useEffect, useEffectEvent, useRef } from 'react'
import { findUnknownVariables } from '#contract/metric-variables.ts'
import { pageNonce, replaceSelection } from '../../filters/editor-page.ts'
import { EDITOR_THEME } from '../../filters/text-editor-theme.ts'
import { variableCompletions } from './variable-completions.ts'

export type SourceEditorProps = {
  /** `prompt`: words with `{{variables}}`. `script`: JavaScript. */
  kind: 'prompt' | 'script'
  label: string
  /** Ids of what explains the field, such as its error. */
  describedBy: string | undefined
  text: string
  onChange: (text: string) => void
  isReadOnly: boolean
  /** Metrics whose results a prompt can name. */
  metricNames: readonly string[]
}

/** A long text with what writing it needs. Its code is heavy: import it lazily. */
export function SourceEditor(props: SourceEditorProps) {
  const { kind, label, describedBy, text, onChange, isReadOnly } = props
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const handleChange = useEffectEvent(onChange)
  const getNames = useEffectEvent(() => props.metricNames)
  const getText = useEffectEvent(() => text)

  useEffect(() => {
    if (!host.current) return
    const names = () => getNames()
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: getText(),
        extensions: [
          EditorView.cspNonce.of(pageNonce()),
          history(),
          closeBrackets(),
          kind === 'prompt' ? promptExtensions(names) : SCRIPT_EXTENSIONS,
          keymap.of([
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...historyKeymap,
            // Without a binding for Tab, which leaves the text as it leaves every field.
            ...defaultKeymap,
          ]),
          EditorState.readOnly.of(isReadOnly),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            'aria-label': label,
            ...(isReadOnly && { 'aria-readonly': 'true' }),
            ...(describedBy !== undefined && { 'aria-describedby': describedBy }),
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handleChange(update.state.doc.toString())
          }),
          EditorView.domEventHandlers({ beforeinput: replaceSelection }),
          HEIGHT,
          EDITOR_THEME,
        ],
      }),
    })
    view.current = editor
    return () => {
      view.current = null
      editor.destroy()
    }
  }, [kind, label, describedBy, isReadOnly])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === text) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text])

  return (
    <div
      ref={host}
      className="overflow-hidden rounded-[7px] border border-line bg-surface focus-within:border-accent"
    />
  )
}

/** Before the shared theme, and so over it. */
const HEIGHT = EditorView.theme({
  '.cm-content': { minHeight: '140px' },
  '.cm-scroller': { maxHeight: '420px', overflow: 'auto' },
  '.cm-line': { padding: '0 10px' },
  '.cm-variable': {
    color: 'var(--accent)',
    backgroundColor: 'var(--accent-soft)',
    borderRadius: '3px',
  },
  '.cm-variable-unknown': {
    color: 'var(--fail)',
    textDecoration: 'underline wavy var(--fail)',
    textUnderlineOffset: '3px',
  },
})

const SCRIPT_EXTENSIONS: Extension = [lineNumbers(), bracketMatching(), indentUnit.of('  ')]

function promptExtensions(names: () => readonly string[]): Extension {
  return [autocompletion({ override: [variableCompletions(names)] }), variableMarks(names)]
}

const KNOWN = Decoration.mark({ class: 'cm-variable' })
const UNKNOWN = Decoration.mark({ class: 'cm-variable-unknown' })

function variableMarks(names: () => readonly string[]): Extension {
  const matcher = new MatchDecorator({
    regexp: /\{\{[^{}]+\}\}/g,
    decoration: ([use]) => (findUnknownVariables(use, names()).length > 0 ? UNKNOWN : KNOWN),
  })
  return ViewPlugin.define(
    (view) => ({
      marks: matcher.createDeco(view),
      update(update) {
        this.marks = matcher.updateDeco(update, this.marks)
      },
    }),
    { decorations: (plugin) => plugin.marks },
  )
}
