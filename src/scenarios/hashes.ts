/**
 * Where each shipped scenario ends: its number of steps, and the hash of its last state (`Store.hash`). The run depends on
 * nothing but the file, so these are the same on every machine and in every browser; a change of the engine or of a file
 * that moves them is one that a reader can see, and is entered here by hand.
 */
export const HASHES: Readonly<Record<string, { readonly steps: number; readonly hash: string }>> = {
  'first-light': { steps: 397, hash: 'd189dc2194dd219d' },
  'range-wall': { steps: 5876, hash: 'a6f2a2a5bc3f7f37' },
  'read-modify-write': { steps: 154, hash: 'ebf9e71c1d0d9514' },
  shatter: { steps: 271, hash: 'b8a186d6d98a0984' },
  'many-frames': { steps: 23191, hash: '8c3897399c7030e0' },
  'asynchronous-reset': { steps: 99, hash: 'ced982131e120a64' },
  'sweep-nothing': { steps: 133, hash: '6cab1b0bb5be47ce' },
  sweep: { steps: 132, hash: '785a043ee2b84613' },
  refactoring: { steps: 93, hash: 'fb46fa06ed1f7dc5' },
  'bug-2019': { steps: 91, hash: '7c0ef546c7219508' },
  'migration-refused': { steps: 113, hash: 'b6121e63c5fd361a' },
  'device-model-died': { steps: 34, hash: '04eaea6d9c164921' },
  'released-meanwhile': { steps: 87, hash: '5f04bc58db20e780' },
  'behind-the-back': { steps: 80, hash: 'df766501f73009a1' },
  'backward-string': { steps: 22, hash: '9e80f16abe4ec8fb' },
  'exec-type15': { steps: 81, hash: 'ee9a2c3e78246c75' },
  'vga-buffered': { steps: 35, hash: 'cc1c8d4538836495' },
  'vga-full': { steps: 1698, hash: 'e5f2b13a50e58499' },
  numbered: { steps: 162, hash: 'e001c10b008b1e9f' },
  'out-of-sync': { steps: 148, hash: 'bef560ff4695fd3a' },
  'page-track': { steps: 131, hash: 'cdf51d0ced0a9a7c' },
  npt: { steps: 145, hash: 'd1e4187577e19ac7' },
};
