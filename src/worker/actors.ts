/** The actors of a run, a lane each, in the order in which lanes are drawn. */
import type { Config } from '../engine/config';
import type { Actor } from '../engine/trace';
import { vcpuActor } from '../engine/world';

export function lanesOf({ programs, defaultServer }: Config): readonly Actor[] {
  const qemu: Actor[] = defaultServer === null ? [] : ['qemu'];
  return [...programs.map((_, i) => vcpuActor(i)), 'xen', 'xengt', ...qemu, 'toolstack'];
}
