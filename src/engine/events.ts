/**
 * Every kind of event with its numbers, and the function of Xen (or of the guest's i915, or of XenGT) that it stands for.
 * Frames are frame numbers, addresses bytes, `low` and `high` the two words of a value.
 */
import type { P2mType } from './p2m-type';

interface Access {
  vcpu: number;
  gpa: number;
  gfn: number;
  size: number;
}
interface Value {
  low: number;
  high: number;
}
/** A GTT entry written: its table, level (0 PT to 3 PML4) and entry number. */
interface GttEntry {
  gfn: number;
  level: number;
  index: number;
}

export interface Events {
  'guest.write': Access & Value & { count: number };
  'guest.read': Access & Value;
  'guest.rmw': Access & Value;
  'guest.done': { vcpu: number };
  /** The driver found no frame for a table and gave its operation up. */
  'guest.noMemory': { vcpu: number; op: string };
  /** The access was not permitted or met a marked entry: the vCPU left the guest. */
  'exit.violation': Access & Value & { kind: 'read' | 'write' | 'rmw'; level: number };
  'exit.misconfig': Access & { kind: 'read' | 'write' | 'rmw'; level: number };
  'fault.resolved': { vcpu: number; gfn: number; changed: boolean };
  'fault.emulate': { vcpu: number; gfn: number; type: P2mType; locked: boolean };
  'fault.ram': { vcpu: number; gfn: number; type: P2mType; dirtied: boolean };
  'fault.fatal': { vcpu: number; gfn: number; type: P2mType };
  'io.select': { vcpu: number; gfn: number; server: number; by: 'claim' | 'range' | 'none'; comparisons: number };
  'io.readHalf': { vcpu: number; gfn: number } & Value;
  'io.retry': { vcpu: number; gfn: number };
  'io.discard': { vcpu: number; gfn: number; type: P2mType; write: boolean };
  'io.unhandleable': { vcpu: number; gfn: number; why: 'slotBusy' | 'size' };
  'ioreq.ready': Access & Value & { server: number; write: boolean };
  'ioreq.inprocess': { vcpu: number; server: number; gpa: number };
  'ioreq.respReady': { vcpu: number; server: number };
  'vcpu.resume': { vcpu: number; gfn: number; write: boolean } & Value;
  'dm.create': { server: number };
  'dm.mapRange': { server: number; start: number; end: number; ranges: number };
  'dm.unmapRange': { server: number; start: number; end: number; ranges: number };
  'dm.claim': { server: number; flags: number };
  'dm.enable': { server: number };
  /** set_mem_type to type 15, and back. */
  'dm.protect': { gfn: number; level: number };
  'dm.unprotect': { gfn: number };
  /** A write to a register page of the GPU, and what it asks for. */
  'dm.register': { offset: number; low: number; asks: 'nothing' | 'create' | 'destroy' };
  /** The write is carried out in the guest's page through the device model's own mapping. */
  'dm.write': GttEntry & { old: number; oldHigh: number } & Value & { tracked: boolean };
  'dm.read': { gfn: number };
  /** A shadow table made, with `entries` present entries translated. */
  'dm.shadowTable': { gfn: number; level: number; mfn: number; entries: number };
  'dm.shadowEntry': GttEntry & { target: number | null };
  'dm.dropTable': { gfn: number; level: number; mfn: number };
  'domain.unpause': { vcpus: number };
}

export const XEN_FUNCTION: { readonly [C in keyof Events]: string } = {
  'guest.write': 'the processor',
  'guest.read': 'the processor',
  'guest.rmw': 'the processor',
  'guest.done': 'the guest',
  'guest.noMemory': 'the guest',
  'exit.violation': 'ept_handle_violation',
  'exit.misconfig': 'vmx_vmexit_handler',
  'fault.resolved': 'ept_handle_misconfig',
  'fault.emulate': 'hvm_hap_nested_page_fault',
  'fault.ram': 'hvm_hap_nested_page_fault',
  'fault.fatal': 'ept_handle_violation',
  'io.select': 'hvmemul_do_io',
  'io.readHalf': 'hvmemul_do_io',
  'io.retry': 'hvmemul_do_io',
  'io.discard': 'hvmemul_do_io',
  'io.unhandleable': 'hvm_send_ioreq',
  'ioreq.ready': 'hvm_send_ioreq',
  'ioreq.inprocess': 'XenGT, device model',
  'ioreq.respReady': 'XenGT, device model',
  'vcpu.resume': 'hvm_io_assist',
  'dm.create': 'hvm_create_ioreq_server',
  'dm.mapRange': 'hvm_map_io_range_to_ioreq_server',
  'dm.unmapRange': 'hvm_unmap_io_range_from_ioreq_server',
  'dm.claim': 'p2m_set_ioreq_server',
  'dm.enable': 'hvm_set_ioreq_server_state',
  'dm.protect': 'set_mem_type',
  'dm.unprotect': 'set_mem_type',
  'dm.register': 'XenGT, PVINFO page',
  'dm.write': 'XenGT, write handler',
  'dm.read': 'XenGT',
  'dm.shadowTable': 'XenGT, shadow page table',
  'dm.shadowEntry': 'XenGT, shadow page table',
  'dm.dropTable': 'XenGT, shadow page table',
  'domain.unpause': 'domain_unpause_by_systemcontroller',
};
