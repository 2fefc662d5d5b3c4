import { defineConfig } from 'drizzle-kit'

// Every capability owns its table; the glob is the schema.
export default defineConfig({ dialect: 'sqlite', schema: './src/**/*.table.ts', out: './migrations' })
