import { DurableObject } from 'cloudflare:workers'

export class KeyRingObject extends DurableObject<Env> {}
