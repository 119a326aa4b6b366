import { useEffect } from 'react'

/** Names the browser tab, such as "c-1042 · Talktrack", while the component is mounted. */
export function useDocumentTitle(title: string) {
  useEffect(() => {
    document.title = toDocumentTitle(title)
  }, [title])
}

export function toDocumentTitle(title: string): string {
  return title ? `${title} · Talktrack` : 'Talktrack'
}
