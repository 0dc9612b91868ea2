/**
 * Where each shipped scenario ends: its number of steps, and the hash of its last state (`Store.hash`). The run depends on
 * nothing but the file, so these are the same on every machine and in every browser; a change of the engine or of a file
 * that moves them is one that a reader can see, and is entered here by hand.
 */
export const HASHES: Readonly<Record<string, { readonly steps: number; readonly hash: string }>> = {
  'what-is-a-p2m': { steps: 63, hash: '395e614c6f03cb5f' },
  shatter: { steps: 271, hash: '57e223ff0e6595c6' },
  'discard-forward': { steps: 52, hash: 'f04d034018a1cfba' },
  'ioreq-life': { steps: 72, hash: '4408baba696c20de' },
  'first-light': { steps: 397, hash: '2c3b4350e6fbe96e' },
  'range-wall': { steps: 5876, hash: '994ba94d2c00c7d9' },
  'fourth-rangeset': { steps: 96, hash: '91c7e203a369cee5' },
  numbered: { steps: 162, hash: '8ac9efdcbf2f679b' },
  'claim-ebusy': { steps: 111, hash: 'b7aa41e848bfd4a5' },
  'released-meanwhile': { steps: 87, hash: '2f92db96574a1b4a' },
  'read-modify-write': { steps: 154, hash: '3d3eba7e2dbb9832' },
  'asynchronous-reset': { steps: 99, hash: '0bb3182bc0629e03' },
  'sweep-nothing': { steps: 133, hash: 'ab278d167aa8a36b' },
  sweep: { steps: 132, hash: '130da9dbd273b3eb' },
  refactoring: { steps: 93, hash: '8733e2bed195d7d2' },
  'migration-refused': { steps: 113, hash: '857f9445d6aaef96' },
  'xsa-238': { steps: 48, hash: '827b265bf4af56b9' },
  'backward-string': { steps: 22, hash: 'a82baea376bd3143' },
  'behind-the-back': { steps: 80, hash: 'e76a5e479b8bc38e' },
  'device-model-died': { steps: 34, hash: 'd8af75e23d6d39fd' },
  'out-of-sync': { steps: 148, hash: '398fc22fe7fe92b1' },
  'many-frames': { steps: 23191, hash: 'd28e9721ddd61d70' },
  'bug-2019': { steps: 91, hash: '6131fcd4dbf8d9dd' },
  'exec-type15': { steps: 81, hash: '31f7da0b03dfcf24' },
  'vga-buffered': { steps: 35, hash: 'e45dbcf3394b3ded' },
  'vga-full': { steps: 1698, hash: 'e86d9fef4225a82a' },
  'page-track': { steps: 131, hash: 'cac77275ea005317' },
  npt: { steps: 145, hash: 'd9fbf192b3d3c9c5' },
};
