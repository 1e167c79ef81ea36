import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { compressFiles } from '../scripts/prepare/compress-files.mjs';
import { chunks } from './chunks.ts';
import { serviceWorker } from './service-worker-plugin.ts';

/** Gets the `Host` that the browser sent, so that pages from here are its own to the services. */
const backend = { target: `http://127.0.0.1:${process.env['PORT'] ?? 3000}`, changeOrigin: false };

const compress: Plugin = {
  name: 'compress-files',
  apply: 'build',
  writeBundle: { order: 'post', sequential: true, handler: ({ dir }) => compressFiles(dir ?? 'dist') },
};

export default defineConfig({
  plugins: [react(), tailwind(), serviceWorker, compress],
  // Nothing becomes a data: address, so that a strict content security policy fits.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2023',
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/api': backend, '/health': backend, '/docs': backend, '/ws': { ...backend, ws: true } },
  },
});
