import './ecps.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { keepInstallOffer } from './install.ts'
import { registerServiceWorker } from './service-worker.ts'

keepInstallOffer()
const place = document.getElementById('app')
if (place !== null) render(<App />, place)
void registerServiceWorker()
