import { DurableObject } from 'cloudflare:workers'

export class OutboxObject extends DurableObject<Env> {}
