import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { CONTENT_SECURITY_POLICY, contentSecurityPolicy } from './scripts/vite/content-security-policy.ts';
import { offline } from './scripts/vite/offline.ts';
import { thirdPartyLicenses } from './scripts/vite/third-party-licenses.ts';

const licenses = thirdPartyLicenses();

export default defineConfig({
  // Relative addresses: the built folder works under any path of any web server.
  base: './',
  plugins: [react(), contentSecurityPolicy(), offline(), licenses.page],
  worker: { format: 'es', plugins: () => [licenses.worker()] },
  build: {
    target: 'es2022',
    // Mermaid and the editor are large and loaded when needed: their size is no mistake.
    chunkSizeWarningLimit: 1500,
  },
  // As a header it also holds for the workers.
  preview: { headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY } },
});
