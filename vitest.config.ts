import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const conditions = ['@trainbridge/source', 'node', 'import', 'module', 'default'];
const nodeConditions = ['@trainbridge/source', 'node'];

/**
 * One configuration for every library: with `isolate: false` Nest is imported once per worker instead of
 * once per file, which is the difference between 3 s and 40 s. Spec files must therefore not leave
 * module-level state behind.
 */
export default defineConfig({
  plugins: [
    // Not from .swcrc: that one leaves spec files out of the build.
    swc.vite({
      swcrc: false,
      configFile: false,
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
    }),
  ],
  resolve: { conditions },
  // Vitest hands these to the workers' Node as well, where 'import' or 'module' would turn every require() of a
  // CommonJS package to its ESM half (pg breaks). Vite adds 'import' for its own resolving by itself.
  ssr: { resolve: { conditions: nodeConditions, externalConditions: nodeConditions } },
  test: {
    include: [
      'libs/*/{src,test}/**/*.spec.ts',
      'connectors/*/{src,test}/**/*.spec.ts',
      'apps/*/{src,test}/**/*.spec.ts',
      'tools/**/*.spec.ts',
    ],
    globalSetup: ['libs/persistence/src/testing/global-setup.ts'],
    environment: 'node',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
