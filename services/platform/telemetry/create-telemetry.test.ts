import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notFound } from '#platform/errors.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTelemetry, type TelemetryOptions } from './create-telemetry.ts';
import { logFields } from './log-fields.ts';
import { newTrace, runInTrace } from './trace.ts';

function start(options: Partial<TelemetryOptions> = {}) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const telemetry = createTelemetry({ service: 'api', version: '1.2.3', level: 'info', write, ...options });
  return { ...telemetry, lines, last: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('createTelemetry', () => {
  it('writes one line of ECS an event', async () => {
    const { logger, lines, last, close } = start();
    logger.info('Listening\non 3000', {
      'event.action': 'start',
      'event.duration': 12,
      'http.response.status_code': 200,
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(last()).toEqual({
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      'ecs.version': expect.any(String),
      'log.level': 'info',
      message: 'Listening\non 3000',
      'service.name': 'api',
      'service.version': '1.2.3',
      'service.node.name': hostname(),
      'event.dataset': 'lamplight.api',
      'event.action': 'start',
      'event.duration': 12,
      'http.response.status_code': 200,
    });
    await close();
  });

  it('adds the trace of the work under way, and none outside of any', async () => {
    const { logger, last, close } = start();
    const trace = newTrace();
    await runInTrace(trace, async () => {
      await Promise.resolve();
      logger.info('within');
    });
    expect(last()).toMatchObject({ 'trace.id': trace.traceId, 'transaction.id': trace.spanId });
    logger.info('outside');
    expect(last()).not.toHaveProperty('trace.id');
    await close();
  });

  it('writes every field of the list under its own name', async () => {
    const { logger, last, close } = start();
    // What the line says of itself is not for a caller to change.
    const { 'event.dataset': _, ...types } = logFields;
    const fields = Object.fromEntries(
      Object.entries(types).map(([name, type]) => [name, type === 'long' ? 7 : 'text']),
    );
    logger.info('all', fields);
    expect(last()).toMatchObject(fields);
    logger.info('one', { 'event.dataset': 'other' });
    expect(last()['event.dataset']).toBe('lamplight.api');
    await close();
  });

  it('keeps the traces of concurrent work apart', async () => {
    const { logger, lines, close } = start();
    const traces = Array.from({ length: 20 }, newTrace);
    await Promise.all(
      traces.map((trace) =>
        runInTrace(trace, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          logger.info(trace.traceId);
        }),
      ),
    );
    for (const line of lines) expect(JSON.parse(line)['trace.id']).toBe(JSON.parse(line).message);
    expect(lines).toHaveLength(20);
    await close();
  });

  it('renders an error with its code and causes, and lets a given code stand', async () => {
    const { logger, last, close } = start();
    const error = notFound('conversation');
    error.cause = new Error('the cause');
    logger.error('Failed', { error });
    expect(last()).toMatchObject({ 'log.level': 'error', 'error.type': 'AppError', 'error.code': 'not_found' });
    expect(last()['error.stack_trace']).toContain('Caused by: Error: the cause');
    logger.error('Failed', { error, 'error.code': 'internal' });
    expect(last()['error.code']).toBe('internal');
    expect(last()).not.toHaveProperty('error');
    await close();
  });

  it('writes what the level asks for and nothing below', async () => {
    const { logger, lines, close } = start({ level: 'warn' });
    logger.error('1');
    logger.warn('2');
    logger.info('3');
    logger.debug('4');
    expect(lines.map((line) => JSON.parse(line)['log.level'])).toEqual(['error', 'warn']);
    await close();
  });

  it('takes secrets out of messages, errors and fields', async () => {
    const { logger, lines, last, close } = start();
    const error = new Error('redis://:hunter2@cache', { cause: new Error('Authorization: Bearer hunter2') });
    logger.warn('key sk-hunter2hunter2', { error, 'url.path': '/ws?ticket=hunter2' });
    expect(lines.join()).not.toContain('hunter2');
    expect(last()['error.message']).toBe('redis://[redacted]@cache');
    await close();
  });

  it('shortens a message of a million characters', async () => {
    const { logger, lines, close } = start();
    logger.info('x'.repeat(1_000_000));
    expect(lines[0]?.length).toBeLessThan(9000);
    await close();
  });

  it('writes the same lines to the log file, all of them before it closes', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lamplight-telemetry-')), 'app.log');
    const { logger, lines, close } = start({ file });
    for (let number = 0; number < 500; number += 1) logger.info(`line ${number}`);
    await close();
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
    logger.info('after the end');
    expect(lines).toHaveLength(501);
  });

  it('rotates the log file at the size it is given', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lamplight-telemetry-')), 'app.log');
    const { logger, lines, close } = start({ file, maxFileBytes: 50_000 });
    for (let number = 100; number < 400; number += 1) logger.info(`line ${number}`);
    await close();
    expect(readFileSync(`${file}.1`, 'utf8') + readFileSync(file, 'utf8')).toBe(lines.join(''));
    expect(readFileSync(`${file}.1`).length).toBeLessThanOrEqual(50_000);
  });

  it('says once on stdout that the log file cannot be written, and goes on', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lamplight-telemetry-')), 'app.log');
    mkdirSync(file);
    const { logger, lines, close } = start({ file });
    logger.info('first');
    await waitFor(() => lines.length === 2);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ 'log.level': 'error', 'error.code': 'EISDIR' });
    logger.info('second');
    await close();
    expect(lines).toHaveLength(3);
  });

  it('goes on where whoever reads stdout goes away', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lamplight-telemetry-')), 'app.log');
    const program = `
      import { createTelemetry } from '#platform/telemetry/create-telemetry.ts';
      const { logger, close } = createTelemetry({ service: 'api', version: '1', level: 'info', file: process.argv[1] });
      logger.info('ready');
      let lines = 0;
      const writing = setInterval(() => {
        logger.info('line');
        if (++lines < 50) return;
        clearInterval(writing);
        close();
      }, 5);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(readFileSync(file, 'utf8').match(/"message":"line"/g)).toHaveLength(50);
  });
});
