type Part = { name: string; content: string | Buffer; fileName?: string }

/** A multipart/form-data body as a client sends it, with its content type. */
export function multipart(parts: readonly Part[]): {
  payload: Buffer
  headers: Record<string, string>
} {
  const boundary = '----talktrack-test-boundary'
  const pieces = parts.flatMap(({ name, content, fileName }) => {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`
    return [Buffer.from(head), Buffer.from(content), Buffer.from('\r\n')]
  })
  return {
    payload: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}
