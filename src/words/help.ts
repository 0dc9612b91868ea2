/** The help: what the page is, its signs, and the keys that belong to a list or a picture. The page's own keys are its commands'. */

export const HELP = {
  name: 'Keys and help',
  close: 'Close',
  about:
    'p2mscope runs a model of Xen step by step: a guest graphics driver writes its GPU page tables, Xen traps the writes, XenGT keeps a shadow.',
  keys: 'Keys',
  inside: 'Inside a view',
  insideRows: [
    { keys: ['Tab'], does: 'to the next control; arrows move inside a list, a picture or the bits of an entry' },
    { keys: ['Enter'], does: 'in a list or a picture: choose what the focus is on, and go there' },
    {
      keys: ['Enter', 'Esc'],
      does: 'in a chart: list the arrows of the state and fire the one chosen; back to the state',
    },
    { keys: ['1', 'Backspace', 'H', 'R'], does: 'in a game of the scheduler: let one act, back, a hint, begin again' },
    { keys: ['Left', 'Right', 'Up', 'Down'], does: 'on a divider between panes: move it' },
    { keys: ['Enter', 'Down'], does: 'on the tools of a pane: open their menu; Esc closes it' },
  ],
  files:
    'A scenario file can be opened with "Open file" or from an address, dropped on the page, or its text pasted; it is edited as text in the page.',
  lines:
    'The title of every button tells the line that does the same when it is typed at the console; what is done to the guest can be saved there as a script, what is done on the page alone is no part of it.',
  explore:
    'Compare (7) runs two to four versions, patch sets or designs on the same guest and says where they first part, by which patch, or whether only the order of the actors differs. Explore (8) searches every order of the actors for what breaks an invariant, draws the lattice of patch sets, sweeps parameters and makes games of what it finds.',
  headless:
    'Without the page: "npm run explore -- FILE" and "npm run sweep -- FILE". Exit code 0: clean; 1: a violation; 2: bad input; 3: bounds reached.',
  panes: 'A pane is moved by dragging its name onto another pane; its tools show under the pointer or the focus.',
  signs: 'Signs',
  signRows: [
    { sign: 'now', does: 'a 2 px frame or line: changed by this step' },
    { sign: 'selected', does: 'four corner marks: chosen by you; Escape in the map lets go' },
    { sign: 'hatched', does: 'a recalculation is pending: the wider the lines, the higher its mark' },
    { sign: 'bounced', does: 'an arrow that stops at a cross: asked and refused, with its errno' },
    { sign: 'ghost', does: 'a dashed arrow: not in this version, with the commit that took it or brings it' },
    { sign: 'ended', does: 'a cross at the end of a lane: this vCPU never goes on' },
    { sign: 'violated', does: 'red: an invariant is broken; nothing else is red' },
  ],
} as const;
