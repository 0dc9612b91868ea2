/**
 * Every kind of event with its numbers, and the function of Xen (or of the guest's i915, or of XenGT) that it stands for.
 * Frames are frame numbers, addresses bytes, `low` and `high` the two words of a value.
 */
import type { BugCode } from './bug';
import type { Command } from './command';
import type { Config } from './config';
import type { TranslationResult } from './copy';
import type { Watch } from './designs/design';
import type { RegistryName } from './designs/registry';
import type { RangeKind } from './ioreq-table';
import type { P2mType } from './p2m-type';
import type { AccessKind } from './vcpu';

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
  'guest.exec': Access;
  'guest.done': { vcpu: number };
  /** The driver found no frame for a table and gave its operation up. */
  'guest.noMemory': { vcpu: number; op: string };
  /** The access was not permitted or met a marked entry: the vCPU left the guest. */
  'exit.violation': Access & Value & { kind: AccessKind; level: number };
  'exit.misconfig': Access & { kind: AccessKind; level: number };
  /** An I/O instruction leaves the guest whatever any table says. */
  'exit.io': { vcpu: number; port: number; size: number; write: boolean } & Value;
  /** Xen copies a hypercall's answer into the guest's buffer. `behind`: a page that XenGT follows, without XenGT. */
  'xen.copy': Access & { type: P2mType; result: TranslationResult; behind: boolean };
  'fault.resolved': { vcpu: number; gfn: number; changed: boolean };
  'fault.emulate': { vcpu: number; gfn: number; type: P2mType; locked: boolean };
  'fault.ram': { vcpu: number; gfn: number; type: P2mType; dirtied: boolean };
  'fault.fatal': { vcpu: number; gfn: number; type: P2mType };
  /** `port`, here and below: it is no memory access, and `gfn` is 0. */
  'io.select': {
    vcpu: number;
    gfn: number;
    server: number;
    by: 'claim' | 'hash' | 'listener' | 'range' | 'default' | 'none';
    comparisons: number;
    port?: number;
  };
  /** A string instruction, made by Xen as one copy. `behind` as above; `result` not okay: element by element, then. */
  'io.copy': { vcpu: number; gfn: number; type: P2mType; bytes: number; result: TranslationResult; behind: boolean };
  /** Xen queues the write for the default server; the vCPU need not wait. */
  'io.buffered': { vcpu: number; gfn: number; pending: number } & Value;
  'io.readHalf': { vcpu: number; gfn: number } & Value;
  'io.retry': { vcpu: number; gfn: number };
  'io.discard': { vcpu: number; gfn: number; type: P2mType; write: boolean; port?: number };
  'io.unhandleable': { vcpu: number; gfn: number; why: 'slotBusy' | 'pending' | 'size' | 'fetch' };
  'ioreq.ready': Access & Value & { server: number; write: boolean; port?: number };
  'ioreq.inprocess': { vcpu: number; server: number; gpa: number; by: 'xengt' | 'qemu' };
  'ioreq.respReady': { vcpu: number; server: number };
  'vcpu.resume': { vcpu: number; gfn: number; write: boolean } & Value;
  'dm.create': { server: number };
  /** A range of the server, or a page on the list `list`; `ranges` are on it now. */
  'dm.mapRange': { server: number; start: number; end: number; ranges: number; list: RegistryName };
  'dm.unmapRange': { server: number; start: number; end: number; ranges: number; list: RegistryName };
  'dm.claim': { server: number; flags: number };
  'dm.enable': { server: number };
  /** set_mem_type to type 15, and back. */
  'dm.protect': { gfn: number; level: number; watch: Watch };
  'dm.unprotect': { gfn: number; watch: Watch };
  /** An access to a register page of the GPU, and what it asks for: a read for the value. */
  'dm.register': { offset: number; low: number; asks: 'nothing' | 'value' | 'create' | 'destroy' | 'walk' | 'submit' };
  /** The write is carried out in the guest's page through the device model's own mapping. */
  'dm.write': GttEntry & { old: number; oldHigh: number } & Value & { tracked: boolean };
  'dm.read': { gfn: number };
  /** A write that was trapped is for a frame that the guest has given back meanwhile: there is nothing to write to. */
  'dm.gone': { gfn: number };
  /** A read of a page whose reads XenGT is sent too, answered from its own mapping. */
  'dm.serve': { gfn: number } & Value;
  /** A leaf table is no longer watched: it goes out of step until the next submission. */
  'dm.outOfSync': { gfn: number };
  /** So many of `entries` entries of a leaf table had changed, and are followed. `evicted`: for want of a pool page. */
  'dm.resync': { gfn: number; from: number; entries: number; changed: number; evicted: boolean };
  /** A walk for a range that the guest named comes to an entry that leads elsewhere by now; or to nothing more. */
  'dm.walk': GttEntry & { found: boolean };
  /** The hypervisor carries a write out by itself; so many want to hear of it. */
  'track.write': Access & Value & { listeners: number };
  /** A listener is called with what was written. */
  'track.notify': GttEntry & { vcpu: number; tracked: boolean };
  'track.returned': { vcpu: number; gfn: number };
  /** A shadow table made, with `entries` present entries translated. */
  'dm.shadowTable': { gfn: number; level: number; mfn: number; entries: number };
  'dm.shadowEntry': GttEntry & { target: number | null };
  'dm.dropTable': { gfn: number; level: number; mfn: number };
  /** XenGT lets go of the type; `outstanding` entries are still of it. `server` 0 when it is the destroy that ends a claim. */
  'dm.release': { server: number; outstanding: number };
  /** The release goes on: one mark at the top of the map for the entries outstanding. Until then nothing settles them. */
  'dm.mark': { outstanding: number };
  /** The release sweeps a batch: 256 frames from `first` on; so many entries are left. `last`: the release is over. */
  'dm.sweep': { first: number; settled: number; left: number; last: boolean };
  /** XenGT forgets the tables that it followed. */
  'dm.forget': { tables: number };
  /** XenGT is gone and Xen destroys its server; `outstanding` entries are of its type. */
  'dm.killed': { server: number; outstanding: number; watch: Watch };
  'qemu.create': { server: number };
  /** The default device model takes one entry out of its buffered ring. */
  'qemu.drain': { gpa: number; low: number; left: number };
  /** The default device model answers an access that nobody else took. */
  'qemu.respond': { vcpu: number; server: number; gpa: number; write: boolean };
  /** A vCPU wakes and finds the device model that it waited for gone. */
  'io.orphaned': { vcpu: number; gfn: number; reset: boolean };
  'toolstack.logDirty': { on: boolean };
  'toolstack.balloon': { gfn: number; frames: number };
  'toolstack.ask': { what: 'detach' | 'attach' };
  /** Hypercalls by the user's hand. `xengt`: id of XenGT's server, 0 while it has none. `server` 0: there is none. */
  'call.create': { server: number };
  /** `outstanding` pages were of its types, or watched. */
  'call.destroy': { server: number; xengt: number; outstanding: number; watch: Watch };
  'call.state': { server: number; xengt: number; enabled: boolean };
  /** `holder`: server that held the type before, 0 nobody. */
  'call.claim': { server: number; xengt: number; type: P2mType; flags: number; holder: number };
  /** The toolstack goes on with it by `dm.mark` and `dm.sweep`. */
  'call.release': { server: number; xengt: number; type: P2mType; outstanding: number };
  /** `type` null: this version knows no such memory type. */
  /** `ranges` of this kind the server has now. */
  'call.mapRange': { server: number; xengt: number; list: RangeKind; start: number; end: number; ranges: number };
  'call.unmapRange': { server: number; xengt: number; list: RangeKind; start: number; end: number; ranges: number };
  'call.setMemType': { gfn: number; frames: number; type: P2mType | null };
  'call.addPage': { gfn: number; mfn: number };
  'call.removePage': { gfn: number };
  'call.paging': { gfn: number; what: Extract<Command, { op: 'mem_paging' }>['what'] };
  'call.sharing': { gfn: number; what: Extract<Command, { op: 'mem_sharing' }>['what'] };
  'domain.unpause': { vcpus: number };
  /** Xen gives the domain up. */
  'domain.crash': Record<never, never>;
  /** Xen itself stops, and every domain with it. */
  'xen.bug': { code: BugCode };
}

export const XEN_FUNCTION: { readonly [C in keyof Events]: string } = {
  'guest.write': 'the processor',
  'guest.read': 'the processor',
  'guest.rmw': 'the processor',
  'guest.exec': 'the processor',
  'guest.done': 'the guest',
  'guest.noMemory': 'the guest',
  'exit.violation': 'ept_handle_violation',
  'exit.misconfig': 'vmx_vmexit_handler',
  'exit.io': 'vmx_vmexit_handler',
  'xen.copy': '__hvm_copy',
  'fault.resolved': 'ept_handle_misconfig',
  'fault.emulate': 'hvm_hap_nested_page_fault',
  'fault.ram': 'hvm_hap_nested_page_fault',
  'fault.fatal': 'ept_handle_violation',
  'io.select': 'hvmemul_do_io',
  'io.copy': 'hvmemul_rep_stos',
  'io.buffered': 'hvm_send_buffered_ioreq',
  'io.readHalf': 'hvmemul_do_io',
  'io.retry': 'hvmemul_do_io',
  'io.discard': 'hvmemul_do_io',
  'io.unhandleable': 'hvmemul_do_io',
  'ioreq.ready': 'hvm_send_ioreq',
  'ioreq.inprocess': 'the device model',
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
  'dm.gone': 'XenGT, write handler',
  'dm.serve': 'XenGT',
  'dm.outOfSync': 'ppgtt_set_guest_page_oos',
  'dm.resync': 'sync_oos_page',
  'dm.walk': "XenGT, walk of the guest's tables",
  'track.write': 'emulator_write_phys',
  'track.notify': 'kvm_page_track_write',
  'track.returned': 'kvm_page_track_write',
  'dm.shadowTable': 'XenGT, shadow page table',
  'dm.shadowEntry': 'XenGT, shadow page table',
  'dm.dropTable': 'XenGT, shadow page table',
  'dm.release': 'p2m_set_ioreq_server',
  'dm.mark': 'p2m_change_entry_type_global',
  'dm.sweep': 'p2m_finish_type_change',
  'dm.forget': 'XenGT, shadow page table',
  'dm.killed': 'hvm_destroy_ioreq_server',
  'qemu.create': 'hvm_create_ioreq_server',
  'qemu.drain': 'QEMU, buffered ring',
  'qemu.respond': 'QEMU, device model',
  'io.orphaned': 'handle_hvm_io_completion',
  'toolstack.logDirty': 'hap_enable_log_dirty',
  'toolstack.balloon': 'guest_physmap_remove_page',
  'toolstack.ask': 'the toolstack',
  'call.create': 'hvm_create_ioreq_server',
  'call.destroy': 'hvm_destroy_ioreq_server',
  'call.state': 'hvm_set_ioreq_server_state',
  'call.claim': 'p2m_set_ioreq_server',
  'call.release': 'p2m_set_ioreq_server',
  'call.mapRange': 'hvm_map_io_range_to_ioreq_server',
  'call.unmapRange': 'hvm_unmap_io_range_from_ioreq_server',
  'call.setMemType': 'set_mem_type',
  'call.addPage': 'guest_physmap_add_entry',
  'call.removePage': 'guest_physmap_remove_page',
  'call.paging': 'mem_paging_memop',
  'call.sharing': 'mem_sharing_memop',
  'domain.unpause': 'domain_unpause_by_systemcontroller',
  'domain.crash': 'domain_crash',
  'xen.bug': 'panic',
};

/** Codes of all events. */
export const EVENT_CODES = Object.keys(XEN_FUNCTION) as readonly (keyof Events)[];

/** What is another function where the processor is AMD's. */
const ON_NPT: { readonly [C in keyof Events]?: string } = {
  'exit.violation': 'svm_do_nested_pgfault',
  'exit.misconfig': 'svm_vmexit_handler',
  'exit.io': 'svm_vmexit_handler',
  'fault.resolved': 'p2m_pt_handle_deferred_changes',
  'fault.fatal': 'svm_do_nested_pgfault',
};

/** The function that an event stands for; `others`: those of another design. */
export const xenFunction = (
  code: keyof Events,
  paging: Config['paging'],
  others: Partial<Record<keyof Events, string>> = {},
): string => others[code] ?? ((paging === 'npt' && ON_NPT[code]) || XEN_FUNCTION[code]);
