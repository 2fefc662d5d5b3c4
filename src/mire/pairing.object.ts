import { DurableObject } from 'cloudflare:workers'

export class PairingObject extends DurableObject<Env> {}
