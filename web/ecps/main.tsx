import './ecps.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { keepInstallOffer } from './install.ts'
import { registerServiceWorker } from './service-worker.ts'

// A request that still waits opens by itself; one that does not is no way to start.
if (location.hash.startsWith('#/request/')) history.replaceState(null, '', '#/')

keepInstallOffer()
const place = document.getElementById('app')
if (place !== null) render(<App />, place)
void registerServiceWorker()
