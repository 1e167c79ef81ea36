import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const { helm } = inject('programs');
const chart = resolve(import.meta.dirname, '../../helm/lamplight');
const ingress = z.object({
  kind: z.literal('Ingress'),
  metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
  spec: z.object({ ingressClassName: z.string(), tls: z.undefined().optional() }),
});

describe.skipIf(!helm)('values-aws.yaml', () => {
  it('fits the chart and gives the load balancer an Ingress without a Secret for TLS', () => {
    const prices = ['--set', 'settings.OPENAI_INPUT_PRICE=0.4', '--set', 'settings.OPENAI_OUTPUT_PRICE=1.6'];
    const values = ['-f', join(chart, 'values-aws.yaml'), '--set', 'publicUrl=https://chat.example.org', ...prices];
    const text = execFileSync(helm ?? '', ['template', 'lamplight', chart, ...values], { encoding: 'utf8' });
    const found = parseAllDocuments(text).flatMap((each) => ingress.safeParse(each.toJS()).data ?? []);
    expect(found).toHaveLength(1);
    expect(found[0]?.spec.ingressClassName).toBe('alb');
    expect(found[0]?.metadata.annotations['alb.ingress.kubernetes.io/target-type']).toBe('ip');
  });
});
