import { DurableObject } from 'cloudflare:workers'

export class LoginObject extends DurableObject<Env> {}
