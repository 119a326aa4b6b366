import { Braces, Copy, Link2, Terminal } from 'lucide-react'
import type { FilterGroup } from '#contract/filter.ts'
import { Button } from '../../ui/button.tsx'
import { useCopy } from '../../ui/copy-button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { filterCurl } from './curl-text.ts'
import { jsonText } from './filter-state.ts'

type CopyMenuProps = { filter: FilterGroup; search: string; link: string }

export function CopyMenu({ filter, search, link }: CopyMenuProps) {
  const { copy, isCopied } = useCopy()
  const curl = () => filterCurl({ origin: window.location.origin, filter, search })
  return (
    <Menu
      align="end"
      trigger={<Button icon={<Copy size={14} />}>{isCopied ? 'Copied' : 'Copy'}</Button>}
    >
      <MenuItem icon={<Link2 size={14} />} onSelect={() => void copy(link)}>
        Link to this filter
      </MenuItem>
      <MenuItem icon={<Braces size={14} />} onSelect={() => void copy(jsonText(filter))}>
        JSON
      </MenuItem>
      <MenuItem icon={<Terminal size={14} />} onSelect={() => void copy(curl())}>
        curl command
      </MenuItem>
    </Menu>
  )
}
