import { emptyWorld } from './empty-world.ts'

await emptyWorld()
