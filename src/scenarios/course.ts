/**
 * The course: which of the shipped scenarios are lessons, in their order, and what a list of them says of each. Their files say
 * the same (a test compares them); here it is, so that a list need not read the files.
 */
import { SCENARIOS } from '.';
import type { Lesson } from './lesson';

/** A lesson; `number` is its place in the list, from 1. */
export interface Listed extends Lesson {
  /** Of its scenario. */
  readonly name: string;
  readonly title: string;
}

const LIST: readonly Omit<Listed, 'number' | 'title'>[] = [
  {
    name: 'what-is-a-p2m',
    goal: 'Say what Xen keeps for each frame of a guest, and what the type of a frame decides.',
    minutes: 15,
    level: 'responding',
    needs: [],
  },
  {
    name: 'shatter',
    goal: 'Follow an EPT walk level by level, and say how many tables one changed page can cost.',
    minutes: 15,
    level: 'responding',
    needs: ['what-is-a-p2m'],
  },
  {
    name: 'discard-forward',
    goal: 'Tell a write that is dropped from one that is handed on, by the type of the page.',
    minutes: 15,
    level: 'responding',
    needs: ['what-is-a-p2m'],
  },
  {
    name: 'ioreq-life',
    goal: 'Name the four states of a request slot, who moves it from each to the next, and who waits meanwhile.',
    minutes: 15,
    level: 'responding',
    needs: ['what-is-a-p2m'],
  },
  {
    name: 'first-light',
    goal: 'Follow one write of the guest to its page table until the shadow table has it, and say who did what.',
    minutes: 15,
    level: 'responding',
    needs: ['shatter', 'ioreq-life'],
  },
  {
    name: 'range-wall',
    goal: 'Explain why the v7 series cannot watch many scattered pages, and what each of them costs.',
    minutes: 15,
    level: 'changing',
    needs: ['first-light'],
  },
  {
    name: 'fourth-rangeset',
    goal: 'Say what a fourth rangeset would have mended, what it would not, and why it did not stay.',
    minutes: 15,
    level: 'changing',
    needs: ['range-wall'],
  },
  {
    name: 'numbered',
    goal: 'Compare the design that was posted, numbered types that can be claimed for reads, with what was merged.',
    minutes: 50,
    level: 'constructing',
    needs: ['discard-forward', 'first-light'],
  },
  {
    name: 'claim-ebusy',
    goal: 'Say when a claim is granted and when it is refused with EBUSY, and what a refusal changes.',
    minutes: 15,
    level: 'changing',
    needs: ['range-wall'],
  },
  {
    name: 'released-meanwhile',
    goal: 'Show what the p2m lock protects between a fault and its request, and what is lost without it.',
    minutes: 15,
    level: 'changing',
    needs: ['ioreq-life', 'claim-ebusy'],
  },
  {
    name: 'read-modify-write',
    goal: 'Say who reads and who writes when one instruction does both to a page that is trapped for writes only.',
    minutes: 5,
    level: 'responding',
    needs: ['ioreq-life', 'claim-ebusy'],
  },
  {
    name: 'asynchronous-reset',
    goal: 'Describe the asynchronous reset: one mark at the top, then a wave that follows the touches of the guest.',
    minutes: 15,
    level: 'responding',
    needs: ['shatter', 'claim-ebusy'],
  },
  {
    name: 'sweep-nothing',
    goal: 'Find out why a sweep over the whole map changed nothing: what a look-up answers is not what the entry says.',
    minutes: 15,
    level: 'responding',
    needs: ['asynchronous-reset'],
  },
  {
    name: 'sweep',
    goal: 'Say what the sweep does that works, and reckon what it costs a guest of any size.',
    minutes: 50,
    level: 'constructing',
    needs: ['sweep-nothing'],
  },
  {
    name: 'refactoring',
    goal: 'Show how a change without functional change broke a count, and what follows from a count that is wrong.',
    minutes: 15,
    level: 'changing',
    needs: ['sweep'],
  },
  {
    name: 'migration-refused',
    goal: 'Say why live migration and watched pages exclude each other, and what migration does to a page.',
    minutes: 15,
    level: 'responding',
    needs: ['claim-ebusy', 'asynchronous-reset'],
  },
  {
    name: 'xsa-238',
    goal: 'Show what an argument that nobody checks can do to a list, and to a host.',
    minutes: 50,
    level: 'constructing',
    needs: ['ioreq-life', 'claim-ebusy'],
  },
  {
    name: 'backward-string',
    goal: 'Find the bytes that a string instruction touches, in both directions, and the server that they belong to.',
    minutes: 5,
    level: 'responding',
    needs: ['ioreq-life'],
  },
  {
    name: 'behind-the-back',
    goal: "Name the ways by which Xen itself writes to a guest's memory, and say what a trap in the page tables is worth against them.",
    minutes: 15,
    level: 'changing',
    needs: ['first-light', 'claim-ebusy'],
  },
  {
    name: 'device-model-died',
    goal: 'Say what is left of a request when its device model dies, and who has to clear it away.',
    minutes: 5,
    level: 'changing',
    needs: ['ioreq-life'],
  },
  {
    name: 'out-of-sync',
    goal: 'Weigh a trap on each write against a comparison at the end: when is it cheaper to let a table go?',
    minutes: 50,
    level: 'constructing',
    needs: ['first-light', 'read-modify-write'],
  },
];

export const titleOf = (name: string): string => SCENARIOS.find((shipped) => shipped.name === name)?.title ?? name;

export const COURSE: readonly Listed[] = LIST.map((one, i) => ({ ...one, number: i + 1, title: titleOf(one.name) }));

/** The shipped scenarios that are no lessons, and not there to be searched. */
export const PLAIN_SCENARIOS = SCENARIOS.filter(({ name, proof }) => !proof && !LIST.some((one) => one.name === name));
