import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clientAddresses, networkOf } from './client-address.ts';

/** A request on a connection from `peer`. */
function requestFrom(peer: string | undefined, forwarded?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const req = new IncomingMessage(socket);
  if (forwarded !== undefined) req.headers['x-forwarded-for'] = forwarded;
  return req;
}

describe('the client address', () => {
  it('is that of the connection where nobody is trusted, whatever the header says', () => {
    const addressOf = clientAddresses([]);
    for (const forged of [undefined, '', '10.0.0.1', '127.0.0.1, 10.0.0.1', '::1', 'x'.repeat(10_000)])
      expect(addressOf(requestFrom('192.0.2.7', forged))).toBe('192.0.2.7');
  });

  it('is that of the connection where it is no trusted proxy', () => {
    expect(clientAddresses(['10.0.0.0/8'])(requestFrom('192.0.2.7', '198.51.100.1'))).toBe('192.0.2.7');
  });

  it.each([
    ['one proxy', '198.51.100.1', '198.51.100.1'],
    ['what the client forged before it', '203.0.113.9, 198.51.100.1', '198.51.100.1'],
    ['two proxies', '203.0.113.9, 198.51.100.1, 10.1.1.1', '198.51.100.1'],
    ['a forged address of a proxy', '10.9.9.9, 198.51.100.1', '198.51.100.1'],
    ['a port', '198.51.100.1:4711', '198.51.100.1'],
    ['IPv6 with a port', '[2001:DB8::0:1]:4711', '2001:db8::1'],
    ['words', 'unknown', '10.0.0.1'],
    ['words behind a proxy', 'unknown, 10.1.1.1', '10.1.1.1'],
    ['nothing', undefined, '10.0.0.1'],
    ['proxies alone', '10.1.1.1', '10.1.1.1'],
  ])('is what a trusted proxy says: %s', (_case, forwarded, address) => {
    expect(clientAddresses(['10.0.0.0/8'])(requestFrom('10.0.0.1', forwarded))).toBe(address);
  });

  it('tells once where a header comes from somebody who is not trusted', () => {
    let told = 0;
    const addressOf = clientAddresses(['10.0.0.0/8'], () => {
      told += 1;
    });
    addressOf(requestFrom('192.0.2.7'));
    addressOf(requestFrom('10.0.0.1', '198.51.100.1'));
    expect(told).toBe(0);
    for (let count = 0; count < 3; count += 1) addressOf(requestFrom('192.0.2.7', '198.51.100.1'));
    expect(told).toBe(1);
  });

  it.each([
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    [undefined, ''],
  ])('has one spelling: %s is %s', (peer, address) => {
    expect(clientAddresses([])(requestFrom(peer))).toBe(address);
  });

  it('knows a trusted proxy also where its address came as IPv6', () => {
    expect(clientAddresses(['10.0.0.0/8'])(requestFrom('::ffff:10.0.0.1', '198.51.100.1'))).toBe('198.51.100.1');
  });
});

describe('what an address is limited by', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:1::', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::', '2001:db8:0:1::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('%s is limited as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
