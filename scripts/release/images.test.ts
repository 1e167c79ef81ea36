import { describe, expect, it } from 'vitest';
import { imageArguments, readImage } from './images.ts';

const digest = `sha256:${'a1'.repeat(32)}`;

describe('readImage', () => {
  it.each([
    [`lamplight/server@${digest}`, 'docker.io', 'lamplight/server', '', digest],
    [`registry.example.org/team/app/server@${digest}`, 'registry.example.org', 'team/app/server', '', digest],
    [`registry.example.org:5000/server:1.2@${digest}`, 'registry.example.org:5000', 'server', '1.2', digest],
    [`localhost:5000/server@${digest}`, 'localhost:5000', 'server', '', digest],
    [`localhost/server@${digest}`, 'localhost', 'server', '', digest],
    [`mongo@${digest}`, 'docker.io', 'mongo', '', digest],
  ])('takes %s apart', (value, registry, repository, tag, found) => {
    expect(readImage('--server', value, false)).toEqual({ registry, repository, tag, digest: found });
  });

  it('takes a tag only where that is allowed', () => {
    expect(readImage('--edge', 'lamplight/edge:ci', true)).toMatchObject({ repository: 'lamplight/edge', tag: 'ci' });
    expect(() => readImage('--edge', 'lamplight/edge:ci', false)).toThrow(/--edge must name its image by digest/);
    expect(() => readImage('--edge', 'lamplight/edge', true)).toThrow(/by digest/);
  });

  it.each(['', 'Upper/Case', `a@sha256:${'a'.repeat(63)}`, 'a b:c', `a,b=c@${digest}`])('refuses %j', (value) => {
    expect(() => readImage('--server', value, true)).toThrow(/must be an image/);
  });
});

describe('imageArguments', () => {
  it('sets every part, so that no tag or digest of before stays', () => {
    const image = readImage('--edge', `host.example/edge@${digest}`, false);
    expect(imageArguments('edge.image', image).filter((each) => each !== '--set-string')).toEqual([
      'edge.image.registry=host.example',
      'edge.image.repository=edge',
      'edge.image.tag=',
      `edge.image.digest=${digest}`,
    ]);
    expect(imageArguments('image', undefined)).toEqual([]);
  });
});
