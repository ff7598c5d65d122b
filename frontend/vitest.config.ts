import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['{kit,console}/src/**/*.test.ts'], environment: 'node' },
});
