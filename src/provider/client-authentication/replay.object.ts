import { DurableObject } from 'cloudflare:workers'

export class ReplayObject extends DurableObject<Env> {}
