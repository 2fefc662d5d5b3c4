import { DurableObject } from 'cloudflare:workers'

export class ProfessionalObject extends DurableObject<Env> {}
