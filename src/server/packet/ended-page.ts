import { html, trusted } from './markup.ts'
import { PACKET_STYLE } from './packet-page.ts'

/** What a shared link shows that opens nothing. */
export function endedPage(): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>This link has ended</title>
<style>${trusted(PACKET_STYLE)}</style>
</head>
<body>
<header><h1>This link has ended</h1></header>
<main><p>It opens no call any more, or it was not copied whole. Ask whoever sent it for another.</p></main>
</body>
</html>
`.markup
}
