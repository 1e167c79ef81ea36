import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['*.example.ts'], provide: { canStartRedis: false } } });
