import { Fragment } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { type ShortcutSection, useShortcutSections } from '../ui/shortcut-sections.ts'

const EVERYWHERE: ShortcutSection = {
  title: 'Everywhere',
  shortcuts: [
    { keys: ['mod+K'], label: 'Go to a page, find a call' },
    { keys: ['v'], label: 'Open a saved view' },
    { keys: ['?'], label: 'This list' },
    { keys: ['escape'], label: 'Close what is on top' },
  ],
}

/** Every key that works now: the open page's own keys first. */
export function KeyboardSheet({ onClose }: { onClose: () => void }) {
  const sections = useShortcutSections()
  return (
    <Dialog isOpen onClose={onClose} title="Keyboard shortcuts" size="large" initialFocus="window">
      <div className="gap-x-[36px] sm:columns-2">
        {[...sections, EVERYWHERE].map((section) => (
          <section key={section.title} className="mb-[18px] break-inside-avoid">
            <h3 className="mb-[4px] text-[12px] font-medium text-ink-faint">{section.title}</h3>
            <dl className="divide-y divide-line">
              {section.shortcuts.map(({ keys, label }) => (
                <div key={label} className="flex min-h-[30px] items-center gap-[12px] py-[3px]">
                  <dt className="flex-1">{label}</dt>
                  <dd className="flex items-center gap-[4px] text-[12px] text-ink-faint">
                    {keys.map((key, index) => (
                      <Fragment key={key}>
                        {index > 0 && 'or'}
                        <Kbd keys={key} />
                      </Fragment>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="text-[12px] text-ink-faint">Single keys rest while you type.</p>
    </Dialog>
  )
}
