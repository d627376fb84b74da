import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact()],
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022' },
  server: {
    proxy: Object.fromEntries(
      ['/graphql', '/images', '/uploads', '/atlas'].map((path) => [path, { target: 'http://127.0.0.1:3000' }]),
    ),
  },
});
