import type { ShortcutSection } from '../ui/shortcut-sections.ts'

/** The keys of the tree, for the keyboard sheet. They work while a rule or a group has the focus. */
export const FILTER_SHORTCUTS: ShortcutSection = {
  title: 'Filter',
  shortcuts: [
    { keys: ['up', 'down'], label: 'Previous or next rule or group' },
    { keys: ['left', 'right'], label: 'Out to the group, into it' },
    { keys: ['enter'], label: 'Edit' },
    { keys: ['escape'], label: 'From a field back to its rule' },
    { keys: ['a'], label: 'Add a rule' },
    { keys: ['shift+a'], label: 'Add a group' },
    { keys: ['alt+up', 'alt+down'], label: 'Move up or down' },
    { keys: ['alt+right', 'alt+left'], label: 'Move into the group beside it, or out' },
    { keys: ['mod+D'], label: 'Duplicate' },
    { keys: ['mod+E'], label: 'Switch off or on' },
    { keys: ['mod+G'], label: 'Wrap in a group' },
    { keys: ['mod+shift+G'], label: 'Dissolve the group' },
    { keys: ['Del'], label: 'Remove' },
    { keys: ['mod+Z'], label: 'Undo' },
    { keys: ['mod+shift+Z'], label: 'Redo' },
  ],
}
