import { expect, test } from '@playwright/test';
import { choosePlaces } from '../../src/script/choose-places.js';
import type { ProjectPlan } from '../../src/wire/messages.js';

const one = plan('one', 'https://one.example');
const two = plan('two', 'https://two.example');
const none = plan('none', undefined);

test('projects with one base URL are one place, and those without any are ignored', () => {
  const { places, only } = choosePlaces([none, one, plan('again', 'https://one.example')], {});
  expect(places).toEqual([{ baseURL: 'https://one.example', project: 'one' }]);
  expect(only('admin')).toEqual({ baseURL: 'https://one.example', project: 'one' });
});

test('several base URLs are an error only for a session that sets none', () => {
  const { places, only } = choosePlaces([one, two], {});
  expect(places).toHaveLength(2);
  expect(() => only('admin')).toThrow(
    'Session "admin" is used at several base URLs. They are https://one.example (one), https://two.example (two).',
  );
});

test('a project or a base URL chooses one place', () => {
  expect(choosePlaces([one, two], { project: 'two' }).only('admin')).toEqual({
    baseURL: 'https://two.example',
    project: 'two',
  });
  const staging = 'https://staging.example';
  expect(choosePlaces([one, two], { baseURL: staging }).only('admin')).toEqual({
    baseURL: staging,
    project: 'one',
  });
});

test('an unknown project is an error that suggests one', () => {
  expect(() => choosePlaces([one, two], { project: 'tow' })).toThrow('Did you mean "two"?');
});

test('the plan of a place is its project, with certificates as bytes', () => {
  const pfx = Buffer.from('certificate');
  const certificate = { origin: 'https://one.example', pfx: JSON.parse(JSON.stringify(pfx)) as Buffer };
  const withCertificate = { ...one, contextOptions: { clientCertificates: [certificate] } };
  const { planOf } = choosePlaces([two, withCertificate], {});
  const [read] = planOf({ baseURL: undefined, project: 'one' }).contextOptions.clientCertificates ?? [];
  expect(read?.pfx?.equals(pfx)).toBe(true);
  expect(planOf({ baseURL: undefined, project: undefined }).name).toBe('two');
});

function plan(name: string, baseURL: string | undefined): ProjectPlan {
  return {
    name,
    baseURL,
    browserName: 'chromium',
    launchOptions: {},
    connectOptions: undefined,
    contextOptions: {},
  };
}
