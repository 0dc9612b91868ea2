/**
 * Where each shipped scenario ends: its number of steps, and the hash of its last state (`Store.hash`). The run depends on
 * nothing but the file, so these are the same on every machine and in every browser; a change of the engine or of a file
 * that moves them is one that a reader can see, and is entered here by hand.
 */
export const HASHES: Readonly<Record<string, { readonly steps: number; readonly hash: string }>> = {
  'first-light': { steps: 397, hash: '15bf69f60fdea915' },
  'range-wall': { steps: 5876, hash: 'c6efa9dc9661ade3' },
  'read-modify-write': { steps: 154, hash: '42520f2d0bba7d22' },
  shatter: { steps: 271, hash: 'ecd15dddde1630b0' },
  'many-frames': { steps: 23191, hash: '01096fb143a42b69' },
  'asynchronous-reset': { steps: 99, hash: '60b209585751e459' },
  'sweep-nothing': { steps: 133, hash: '1162d643aa4832e6' },
  sweep: { steps: 132, hash: 'e505941396a85a0a' },
  refactoring: { steps: 93, hash: '52ed1237fba895f3' },
  'bug-2019': { steps: 91, hash: 'd5a51d77d1967d3e' },
  'migration-refused': { steps: 113, hash: '1fb9f652d34ade2c' },
  'device-model-died': { steps: 34, hash: '04eaea6d9c164921' },
  'released-meanwhile': { steps: 87, hash: 'f6af5469cd970fb6' },
  'behind-the-back': { steps: 80, hash: '3290efa38c2930cb' },
  'backward-string': { steps: 22, hash: '9e80f16abe4ec8fb' },
  'exec-type15': { steps: 81, hash: '967c3365b83e1afd' },
  'vga-buffered': { steps: 35, hash: 'cc1c8d4538836495' },
  'vga-full': { steps: 1698, hash: 'e5f2b13a50e58499' },
  numbered: { steps: 162, hash: '225bccbc08dfa2f5' },
  'out-of-sync': { steps: 148, hash: 'dd34a11630e83fd9' },
  'page-track': { steps: 131, hash: 'd08c80496d448fcc' },
  npt: { steps: 145, hash: '2ffb2db825fc2f16' },
};
