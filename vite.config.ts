import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the built folder works under any path of any web server.
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Mermaid and the editor are large and loaded when needed: their size is no mistake.
    chunkSizeWarningLimit: 1500,
  },
});
