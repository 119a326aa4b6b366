import { Captions, FileJson, Package } from 'lucide-react'
import type { CallDetail } from '#contract/call.ts'
import {
  type CallFileKind,
  callFileName,
  callFilePath,
  MAX_PACKET_AUDIO_BYTES,
} from '#contract/call-file.ts'
import { MenuItem } from '../../ui/menu.tsx'

type DownloadItemsProps = {
  call: Pick<CallDetail, 'id' | 'callId' | 'segments' | 'recording'>
  /** The outcome is hidden: so are the files that tell it. */
  isBlind: boolean
}

/** The call as files, for a menu. What the server would refuse cannot be chosen. */
export function DownloadItems({ call, isBlind }: DownloadItemsProps) {
  const hasTimes = call.segments.some(
    ({ kind, startSeconds }) => kind === 'speech' && startSeconds !== null,
  )
  const isTooLarge = (call.recording?.sizeBytes ?? 0) > MAX_PACKET_AUDIO_BYTES
  return (
    <>
      <MenuItem
        icon={<Package size={15} />}
        isDisabled={isBlind || isTooLarge}
        onSelect={() => download(call, 'packet.html')}
      >
        {isTooLarge ? 'Download packet (recording too large)' : 'Download packet, plays offline'}
      </MenuItem>
      <MenuItem
        icon={<Captions size={15} />}
        isDisabled={!hasTimes}
        onSelect={() => download(call, 'transcript.srt')}
      >
        Download subtitles (SRT)
      </MenuItem>
      <MenuItem
        icon={<Captions size={15} />}
        isDisabled={!hasTimes}
        onSelect={() => download(call, 'transcript.vtt')}
      >
        Download subtitles (VTT)
      </MenuItem>
      <MenuItem
        icon={<FileJson size={15} />}
        isDisabled={isBlind}
        onSelect={() => download(call, 'call.json')}
      >
        Download JSON
      </MenuItem>
    </>
  )
}

/** The browser streams it to disk, which no fetch can do. */
function download({ id, callId }: DownloadItemsProps['call'], kind: CallFileKind) {
  const link = document.createElement('a')
  link.href = callFilePath(id, kind)
  link.download = callFileName(callId, kind)
  link.click()
}
