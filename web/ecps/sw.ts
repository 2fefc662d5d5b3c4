import { FILES, VERSION } from 'virtual:shell'

console.log(VERSION, FILES)
