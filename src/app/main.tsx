import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectAddressBar } from './address-bar.ts';
import { App } from './app.tsx';
import { Lab } from './lab.ts';
import { workOffline } from './offline.ts';
import { openAddress } from './open-scenario.ts';
import { mediaValue } from './theme.ts';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/lesson.css';
import './styles/inspector.css';
import './styles/transport.css';
import './styles/phone.css';

const root = document.getElementById('root');
if (root === null) throw new Error('defect: index.html has no element "root"');

const lab = new Lab();
connectAddressBar(lab, (hash) => void openAddress(lab, hash));
createRoot(root).render(
  <StrictMode>
    <App lab={lab} narrow={mediaValue('(max-width: 719px)')} />
  </StrictMode>,
);
void openAddress(lab, window.location.hash);
workOffline();
