import { DurableObject } from 'cloudflare:workers'

export class EnrolmentObject extends DurableObject<Env> {}
