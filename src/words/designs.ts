/** The designs for those who choose among them: what each is, and what it costs or where it breaks. */
import type { DesignName } from '../engine/designs/names';
import { say, type Sentence } from './parts';

interface Words {
  readonly title: string;
  readonly is: string;
  readonly costs: string;
}

const WORDS: Readonly<Record<DesignName, Words>> = {
  xen: {
    title: 'Xen, by its patches',
    is: 'A page type of its own traps the writes; ranges, or later a claim on the type, say whose they are.',
    costs:
      'Each write is an exit, two notifications and two switches; with ranges, also a search and a cap of 256 pages.',
  },
  none: {
    title: 'Nothing is watched',
    is: 'XenGT makes a shadow of what it finds when a PPGTT begins, and is told of nothing after that.',
    costs: 'It costs nothing, and the shadow is wrong from the first entry that the guest writes.',
  },
  mmio_dm: {
    title: 'Full MMIO',
    is: 'A table page is made a device page of type `mmio_dm`, as if it were registers, and XenGT carries out every access.',
    costs: 'Reads exit too, no page can become RAM again, and the ranges that are kept for them fill the 256.',
  },
  hash_table: {
    title: 'A hash table of pages',
    is: "Versions 1 and 2 of the first series: a server's pages lie in a hash table beside its ranges.",
    costs: "There is no cap and little to search; a guest can make its device model fill Xen's heap.",
  },
  three_rangesets: {
    title: 'Three rangesets',
    is: 'Version 3 of the first series: a server has a rangeset each for reads, for writes, and for both.',
    costs: 'Tables and registers no longer compete, but each set is searched one by one and is full at 256.',
  },
  page_track: {
    title: 'Page tracking, as in KVM',
    is: 'The hypervisor makes the page read-only, carries each write out itself, and then calls whoever listens.',
    costs:
      'An exit a write and no message at all; a count for every frame of the guest, and the listener runs in the hypervisor.',
  },
  write_protect: {
    title: 'Write protection, as in ACRN',
    is: 'A hypercall a page sets or clears write protection, whoever asks; stopped writes go to the one client that listens.',
    costs:
      'No ranges, no claim and no owner: when the client dies its pages stay read-only, and writes to them are lost.',
  },
  out_of_sync: {
    title: 'Out of sync, as in GVT-g',
    is: 'A leaf table that is written often is let go, and its shadow is brought in step when the GPU is given work.',
    costs:
      'Fewer exits, for two more calls and 512 comparisons a table and submission; in between the shadow is stale.',
  },
  paravirtual: {
    title: 'The guest tells',
    is: "Nothing is watched: the guest's driver says after each change which GPU addresses it is about, and XenGT looks there.",
    costs: 'Four exits a change, however large; what the guest forgets, or lies about, nobody notices.',
  },
};

export const designTitle = (name: DesignName): string => WORDS[name].title;
export const designIs = (name: DesignName): Sentence => say(WORDS[name].is);
export const designCosts = (name: DesignName): Sentence => say(WORDS[name].costs);
