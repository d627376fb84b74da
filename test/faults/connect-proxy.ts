import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** A proxy that tunnels whatever is asked for to one port of this machine, and notes what was asked for. */
export class ConnectProxy {
  readonly asked: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(toPort: number): Promise<ConnectProxy> {
    const server = createServer();
    const proxy = new ConnectProxy(server);
    server.on('connect', ({ url = '' }, client) => {
      proxy.asked.push(url);
      const target = connect(toPort, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(target).pipe(client);
      });
      // Either side may hang up first.
      target.on('error', () => client.destroy());
      client.on('error', () => target.destroy());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
