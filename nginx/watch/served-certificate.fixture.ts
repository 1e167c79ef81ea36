import { once } from 'node:events';
import { connect } from 'node:tls';

/** The serial number of the certificate that a new connection is given. */
export async function servedSerial(port: number, servername: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate().serialNumber;
  } finally {
    socket.destroy();
  }
}
