// Questions over the wire: a picture may come in between, the same one again is kept, another run gives it up.
import { afterEach, expect, test } from 'vitest';
import { SCENARIOS } from '../../scenarios';
import { Client, RefusedError } from '../client';
import { FOLLOW, type QuestionOf } from '../protocol';
import { serve } from '../server';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function opened(name: string, now?: () => number) {
  const { port1, port2 } = new MessageChannel();
  serve(port2, now);
  closing.push(
    () => port1.close(),
    () => port2.close(),
  );
  const client = new Client(port1);
  const file = await SCENARIOS.find((scenario) => scenario.name === name)!.load();
  return { client, file, info: await client.open(file) };
}

/** A clock that goes by 10 ms a look. */
function ticking(): () => number {
  let time = 0;
  return () => (time += 10);
}

test('a place has its step, and a question about it its answer, the same each time', async () => {
  const { client } = await opened('sweep-nothing');
  const step = (await client.where({ toolstack: 2 }))!;
  expect(await client.where({ toolstack: 3 })).toBeNull();
  const of: QuestionOf = { step, ask: null };
  const question = (await client.question(of))!;
  expect(question).toMatchObject({ ask: 'errno', step, about: { code: 'toolstack.ask' }, operation: { op: 'attach' } });
  expect(question.options[question.right]!.answer).toEqual({ ask: 'errno', errno: 'EBUSY' });
  expect(question.until).toBeGreaterThan(step);
  expect(await client.question(of)).toEqual(question);
  expect(await client.question({ prompt: 99 })).toBeNull();
  expect(await client.question({ step: 9999, ask: 'type' })).toBeNull();
});

test('pictures come in between, and it goes on from where it was', async () => {
  const { client, info } = await opened('sweep-nothing', ticking());
  const seen: string[] = [];
  const asking = client.question({ step: info.steps - 1, ask: 'cost' }, (_, __, phase) => seen.push(phase));
  const picture = await client.seek(5, FOLLOW);
  expect(picture?.step).toBe(5);
  const question = await asking;
  expect(question?.options.length).toBeGreaterThanOrEqual(3);
  expect(new Set(seen)).toEqual(new Set(['run']));
  expect(seen.length).toBeGreaterThan(2);
});

test('another run gives it up', async () => {
  const { client } = await opened('range-wall', ticking());
  const { file } = await opened('sweep-nothing');
  const asking = client.question({ step: 3000, ask: 'outcome' }).catch((error: unknown) => error);
  await client.open(file, { version: 'v7' });
  expect(await asking).toBeInstanceOf(RefusedError);
});
