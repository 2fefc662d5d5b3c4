const WIDTH = 24
const OFTEN = 200

/** How far something is, on one line of a terminal; nothing at all elsewhere. */
export interface Progress {
  readonly show: (what: string, done: number, of: number) => void
  readonly clear: () => void
}

export function terminalProgress(out: NodeJS.WriteStream = process.stderr): Progress {
  if (!out.isTTY) return { show: () => {}, clear: () => {} }
  let last = 0
  return {
    show: (what, done, of) => {
      const now = Date.now()
      if (now - last < OFTEN) return
      last = now
      const part = of > 0 ? Math.min(done / of, 1) : 1
      const bar = '█'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '░')
      out.write(`\r\u001b[K${bar} ${String(Math.floor(part * 100)).padStart(3)} % ${what}`)
    },
    clear: () => void out.write('\r\u001b[K'),
  }
}
