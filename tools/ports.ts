import { createServer } from 'node:net'

/** A port that another program holds. The message is the one line that a person needs. */
export class PortInUse extends Error {
  readonly port: number
  constructor(port: number) {
    super(
      `Port ${port} is in use by another program: end it, or choose others with --port (three in a row are used) and --card-port.`,
    )
    this.port = port
  }
}

/** @throws {PortInUse} for the first of the ports that cannot be listened on at 127.0.0.1. */
export async function assertPortsFree(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    await new Promise<void>((resolve, reject) => {
      const probe = createServer()
      probe.once('error', () => reject(new PortInUse(port)))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
    })
  }
}

/** A port that was free a moment ago, with `following` free ones after it. */
export async function freePort(following = 0): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = await ephemeral()
    const wanted = Array.from({ length: following }, (_, i) => port + 1 + i)
    if (port + following > 65_535) continue
    try {
      await assertPortsFree(wanted)
      return port
    } catch {
      // Taken meanwhile: the next draw.
    }
  }
  throw new Error('no free ports found on 127.0.0.1')
}

function ephemeral(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      )
    })
  })
}
