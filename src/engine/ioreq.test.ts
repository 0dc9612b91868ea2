import { describe, expect, test } from 'vitest';
import { IoreqServers, rangeKind, type IoreqOptions } from './ioreq';
import { IOREQ_TYPE, selectServer } from './ioreq-select';
import { xenWith } from './patches';
import { Store } from './store';
import { agreed, replayVectors } from './vectors/replay';
import { u64 } from './words64';

const early = xenWith(['writeDm']);
const checked = xenWith(['writeDm', 'rangeCheck']);

describe('agrees with what Xen was measured to do', () => {
  test.each([
    ['select.jsonl', 220],
    ['patches/d59e55b018-before/select.jsonl', 50],
    ['patches/d59e55b018-before/select-release.jsonl', 50],
    ['patches/d59e55b018/select.jsonl', 50],
    ['patches/60a56dc006-before/select.jsonl', 50],
    ['patches/60a56dc006/select.jsonl', 50],
  ])('%s', (name, sequences) => {
    expect(replayVectors(name)).toEqual(agreed(sequences));
  });
});

const make = (options: Partial<IoreqOptions> = {}): IoreqServers =>
  new IoreqServers(new Store().state, 0, { xen: early, ...options });
const withServer = (options: Partial<IoreqOptions> = {}): IoreqServers => {
  const servers = make(options);
  servers.create(0);
  servers.setState(1, true);
  return servers;
};
const port = (addr: bigint) => ({ type: IOREQ_TYPE.pio, addr: u64(addr), size: 1, count: 1, df: false });

describe('EINVAL', () => {
  test('create with an unknown bufioreq mode', () => expect(make().create(3)).toEqual({ rc: 'EINVAL' }));
  test('an unknown kind of range, looked at after the id', () => {
    expect(withServer().mapRange(1, rangeKind(3), 0n, 0n)).toBe('EINVAL');
    expect(withServer().mapRange(9, rangeKind(3), 0n, 0n)).toBe('ENOENT');
  });
  test('start behind end, since d59e55b018, looked at before the id', () => {
    expect(withServer({ xen: checked }).mapRange(9, 'port', 2n, 1n)).toBe('EINVAL');
    expect(withServer({ xen: checked }).unmapRange(9, 'port', 2n, 1n)).toBe('EINVAL');
  });
});

describe('EEXIST', () => {
  test('a second default server', () => {
    const servers = make();
    servers.create(0, true);
    expect(servers.create(0, true)).toEqual({ rc: 'EEXIST' });
  });
  test('a range that the server holds some of; another server may hold it too', () => {
    const servers = withServer();
    servers.create(0);
    servers.mapRange(1, 'memory', 0n, 9n);
    expect(servers.mapRange(1, 'memory', 9n, 12n)).toBe('EEXIST');
    expect(servers.mapRange(2, 'memory', 9n, 12n)).toBe(0);
  });
});

describe('ENOMEM', () => {
  test('a full table', () => {
    const servers = make({ servers: 1 });
    servers.create(0);
    expect(servers.create(0)).toEqual({ rc: 'ENOMEM' });
  });
  test('257 scattered pages do not go into a rangeset', () => {
    const servers = withServer();
    const answers = Array.from({ length: 257 }, (_, i) =>
      servers.mapRange(1, 'memory', BigInt(i) * 0x2000n, BigInt(i) * 0x2000n + 0xfffn),
    );
    expect(answers.indexOf('ENOMEM')).toBe(256);
  });
  test('the pages of a server cannot be had, and its id is used up', () => {
    const servers = make();
    expect(servers.create(0, false, () => 'ENOMEM')).toEqual({ rc: 'ENOMEM' });
    expect(servers.list()).toEqual([]);
    expect(servers.create(0)).toEqual({ rc: 0, id: 2 });
  });
});

test('ENOSPC: the array has seven slots beside the default one', () => {
  const servers = make({ table: 'array' });
  const made = Array.from({ length: 8 }, () => servers.create(0));
  expect(made[6]).toEqual({ rc: 0, id: 7 });
  expect(made[7]).toEqual({ rc: 'ENOSPC' });
});

test('EPERM, EOPNOTSUPP: id 0 of the array is the default server, there or not', () => {
  const servers = make({ table: 'array' });
  expect([servers.destroy(0), servers.setState(0, true), servers.mapRange(0, 'port', 0n, 0n), servers.info(0)]).toEqual(
    ['EPERM', 'EOPNOTSUPP', 'EOPNOTSUPP', 'EOPNOTSUPP'],
  );
});

test('ENOENT: an unknown id, the default server, a range not wholly held', () => {
  const servers = withServer();
  servers.create(0, true);
  servers.mapRange(1, 'port', 1n, 3n);
  for (const id of [0, 2, 7]) {
    expect(servers.destroy(id)).toBe('ENOENT');
    expect(servers.setState(id, true)).toBe('ENOENT');
    expect(servers.info(id)).toBe('ENOENT');
    expect(servers.mapRange(id, 'port', 0n, 0n)).toBe('ENOENT');
  }
  expect(servers.unmapRange(1, 'port', 3n, 4n)).toBe('ENOENT');
});

test('ids count up past those in use, over 16 bits', () => {
  const servers = make();
  for (let i = 1; i < 0xffff; i++) {
    servers.create(0);
    if (i !== 1) servers.destroy(i);
  }
  expect([servers.create(0), servers.create(0), servers.create(0)].map((made) => made.rc === 0 && made.id)).toEqual([
    65535, 0, 2,
  ]);
});

test('the newest enabled server that holds the access is asked first', () => {
  const servers = withServer();
  servers.create(0);
  for (const id of [1, 2]) servers.mapRange(id, 'port', 0x3f8n, 0x3ffn);
  expect(selectServer(servers, port(0x3f8n)).server).toBe(1);
  servers.setState(2, true);
  expect(selectServer(servers, port(0x3f8n)).server).toBe(2);
});

test('destroy shows the server to its caller while it exists, and leaves no trace but the id', () => {
  const store = new Store();
  const servers = new IoreqServers(store.state, 0, { xen: early });
  servers.create(0);
  servers.destroy(1);
  const after = store.hash();
  const again = new Store();
  const other = new IoreqServers(again.state, 0, { xen: early });
  other.create(2);
  other.setState(1, true);
  other.mapRange(1, 'pci', 0x10n, 0x17n);
  let seen: unknown;
  other.destroy(1, (effect, slot) => (seen = [effect, other.infoOf(slot)]));
  const info = { id: 1, enabled: true, bufioreq: 2, isDefault: false, ranges: [0, 0, 1] };
  expect(seen).toEqual(['showAndRelease', info]);
  expect(again.hash()).toBe(after);
});

test('the region is as large as `words` says', () => {
  const space = new Store().state;
  const servers = new IoreqServers(space, 0, { xen: early, cap: 2 });
  for (let i = 0; i < 8; i++) servers.create(2);
  for (const end of [1n, 3n]) expect(servers.mapRange(8, 'pci', end, end)).toBe(0);
  const words = IoreqServers.words(2);
  expect(space.get(words - 1) === 0 && space.get(words - 2) === 3).toBe(true);
  expect(space.get(words)).toBe(0);
});
