import { describe, expect, it } from 'vitest';
import { valuesTable } from './values-table.ts';

const source = `# About the file.

# The address.
publicUrl: ''
settings: {}

# The front.
edge:
  # Off: no front.
  enabled: true
  service:
    # Who may come: a|b.
    type: ClusterIP
    annotations: {}
  # What ends
  # in time.
  tls:
    port: 443
    hosts: [a, b]
    grace: null
`;

describe('valuesTable', () => {
  const text = valuesTable(source);

  it('has a row for each value that stands alone, with its comment and not that of the file', () => {
    expect(text).toContain(
      '| value | default | what it does |\n| --- | --- | --- |\n| `publicUrl` |  | The address. |\n',
    );
    expect(text).toContain('| `settings` | `{}` |  |\n');
    expect(text).not.toContain('About the file');
  });

  it('has a table for each group, under its comment', () => {
    expect(text).toContain('### `edge`\n\nThe front.\n\n| value |');
    expect(text).toContain('| `edge.enabled` | `true` | Off: no front. |\n');
  });

  it('gives groups within a group a row where they have a comment', () => {
    expect(text).toContain('| `edge.tls` |  | What ends in time. |\n| `edge.tls.port` | `443` |  |\n');
    expect(text).not.toContain('| `edge.service` |');
  });

  it('writes lists, nulls and bars so that a table holds them', () => {
    expect(text).toContain('| `edge.tls.hosts` | `["a","b"]` |  |');
    expect(text).toContain('| `edge.tls.grace` | `null` |  |');
    expect(text).toContain('| `edge.service.type` | `ClusterIP` | Who may come: a\\|b. |');
  });

  it('refuses what holds no values', () => {
    expect(() => valuesTable('- a')).toThrow('values.yaml holds no values.');
  });
});
