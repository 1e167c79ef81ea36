import { describe, expect, it } from 'vitest';
import { storeUnavailable } from '#platform/errors.ts';
import { ModelError } from '#platform/models/models.ts';
import { renderError } from './render-error.ts';

describe('renderError', () => {
  it('gives class, message, stack and the causes down to the first', () => {
    const first = new RangeError('the first');
    const fields = renderError(new Error('the last', { cause: new TypeError('between', { cause: first }) }));
    expect(fields).toMatchObject({ 'error.type': 'Error', 'error.message': 'the last' });
    expect(fields['error.stack_trace']).toMatch(
      /^Error: the last\n[\s\S]*\nCaused by: TypeError: between\n[\s\S]*\nCaused by: RangeError: the first\n/,
    );
  });

  it.each([
    [storeUnavailable(new Error('away')), 'store_unavailable', 'AppError'],
    [new ModelError('model_timeout', 'silent', { retryable: true }), 'model_timeout', 'ModelError'],
    [Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED', 'Error'],
    [Object.assign(new Error('duplicate'), { code: 11000 }), '11000', 'Error'],
  ])('gives the code of %s', (error, code, type) => {
    expect(renderError(error)).toMatchObject({ 'error.code': code, 'error.type': type });
  });

  it('gives the errors within an AggregateError', () => {
    const error = new AggregateError([new Error('one'), new Error('two')], 'all failed');
    expect(renderError(error)['error.stack_trace']).toMatch(/One of: Error: one\n[\s\S]*One of: Error: two\n/);
  });

  it('leaves out what else hangs on an error', () => {
    const error = Object.assign(new Error('refused'), { request: { headers: { 'x-key': 'hunter2' } } });
    expect(JSON.stringify(renderError(error))).not.toContain('hunter2');
  });

  it.each([
    ['text', 'string', "'text'"],
    [undefined, 'undefined', 'undefined'],
    [null, 'object', 'null'],
    [{ a: 1 }, 'object', '{ a: 1 }'],
  ])('renders %j, which is no error', (thrown, type, message) => {
    expect(renderError(thrown)).toEqual({ 'error.type': type, 'error.message': message });
  });

  it('ends with causes that go round, and with long ones', () => {
    const error = new Error('round');
    error.cause = error;
    expect(renderError(error)['error.stack_trace']).not.toContain('Caused by');
    let deep = new Error('bottom');
    for (let depth = 0; depth < 100; depth += 1) deep = new Error(`level ${depth}`, { cause: deep });
    expect(renderError(deep)['error.stack_trace']?.split('Caused by')).toHaveLength(6);
  });

  it('shortens what is very long', () => {
    const fields = renderError(new Error('x'.repeat(1_000_000)));
    expect(fields['error.message']?.length).toBeLessThan(9000);
    expect(fields['error.stack_trace']?.length).toBeLessThan(33_000);
  });
});
