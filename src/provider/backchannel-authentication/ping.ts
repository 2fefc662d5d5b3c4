import type { Ping } from './request.ts'

/** Tells clients in ping mode that their result is there, from behind the answer (CIBA Core §10.2). */
export interface Pings {
  send(ping: Ping): void
}
