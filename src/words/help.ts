/** The help: what the page is, its keys, its signs. */

export const HELP = {
  name: 'Keys and help',
  close: 'Close',
  about:
    'p2mscope runs a model of Xen step by step: a guest graphics driver writes its GPU page tables, Xen traps the writes, XenGT keeps a shadow.',
  keys: 'Keys',
  rows: [
    { keys: ['Space'], does: 'play, pause' },
    { keys: ['Left', 'Right'], does: 'one step back, one step on' },
    { keys: ['Shift Left', 'Shift Right'], does: 'previous, next trapped write' },
    { keys: ['Home', 'End'], does: 'to the start, to the end' },
    { keys: ['-', '+'], does: 'slower, faster' },
    {
      keys: ['1', '2', '3', '4', '5', '6', '7'],
      does: 'on a small screen: Memory, Tables, Path, Entry, Servers, Charts, More',
    },
    { keys: ['g'], does: 'to the charts, and back' },
    { keys: ['p'], does: 'present: one sentence and one view, large' },
    { keys: ['PageUp', 'PageDown', '.', 'Esc'], does: 'presenting: one step back, one step on, blank screen, leave' },
    { keys: ['t'], does: 'light or dark' },
    { keys: ['?'], does: 'this help' },
    {
      keys: ['Enter', 'Esc'],
      does: 'in a chart: list the arrows of the state and fire the one chosen; back to the state. Arrow keys move and choose',
    },
    { keys: ['Tab'], does: 'to the next control; arrows move inside a list, a map or the bits of an entry' },
  ],
  files: 'A scenario file can be dropped on the page, or opened with "Open file".',
  signs: 'Signs',
  signRows: [
    { sign: 'now', does: 'a 2 px frame or line: changed by this step' },
    { sign: 'selected', does: 'four corner marks: chosen by you; Escape in the map lets go' },
    { sign: 'bounced', does: 'an arrow that stops at a cross: asked and refused, with its errno' },
    { sign: 'ghost', does: 'a dashed arrow: not in this version, with the commit that took it or brings it' },
    { sign: 'ended', does: 'a cross at the end of a lane: this vCPU never goes on' },
    { sign: 'violated', does: 'red: an invariant is broken; nothing else is red' },
  ],
} as const;
