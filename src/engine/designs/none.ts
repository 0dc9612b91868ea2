/**
 * Nothing is watched: XenGT makes a shadow of what it finds when a PPGTT is created, and never hears of a write. What goes
 * wrong without any of the others.
 */
import { BASE, type Design } from './design';

export const none: Design = { ...BASE, name: 'none' };
