// A wearable for the terminal, for the README's walk-through. Its key is a file; what it sends is signed: HTTP Message Signatures (RFC 9421), ecdsa-p256-sha256.
//   node eng/device.mjs enrol <enrolment code> <key file>     makes the key and registers it with the code that the patient was given
//   node eng/device.mjs send <key file> <samples file>        {"samples": [...]} as JSON, or a sample a line (.ndjson)
// HRMS_URL names the server (default http://127.0.0.1:5080).
import { createHash, createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const server = new URL(process.env.HRMS_URL ?? 'http://127.0.0.1:5080');
const [command, ...args] = process.argv.slice(2);

async function post(path, body, type, key, keyId, idempotencyKey) {
  const headers = { 'content-type': type, 'content-digest': `sha-256=:${createHash('sha256').update(body).digest('base64')}:` };
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey;
  // What is signed: which request this is, to whom, and what it carries (RFC 9421, section 2.5).
  const components = { '@method': 'POST', '@authority': server.host, '@path': path, ...headers };
  const parameters = `(${Object.keys(components).map((name) => `"${name}"`).join(' ')});created=${Math.floor(Date.now() / 1000)}`
    + `${keyId ? `;keyid="${keyId}"` : ''};nonce="${randomUUID()}"`;
  const lines = [...Object.entries(components).map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${parameters}`];
  const signature = sign('sha256', Buffer.from(lines.join('\n')), { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
  const answer = await fetch(new URL(path, server), {
    method: 'POST', body, headers: { ...headers, 'signature-input': `sig=${parameters}`, signature: `sig=:${signature}:` },
  });
  const text = await answer.text();
  if (!answer.ok) {
    console.error(text);
    process.exit(1);
  }
  return JSON.parse(text);
}

if (command === 'enrol' && args.length === 2) {
  const [code, file] = args;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const { device } = await post('/ingest/v1/device-keys', JSON.stringify({ code, jwk: { kty, crv, x, y } }), 'application/json', privateKey);
  writeFileSync(file, JSON.stringify({ device, key: privateKey.export({ format: 'jwk' }) }), { mode: 0o600 });
  console.log(device);
} else if (command === 'send' && args.length === 2) {
  const [file, samples] = args;
  const { device, key } = JSON.parse(readFileSync(file, 'utf8'));
  const type = samples.endsWith('.ndjson') ? 'application/x-ndjson' : 'application/json';
  console.log(JSON.stringify(await post('/ingest/v1/samples', readFileSync(samples), type, createPrivateKey({ key, format: 'jwk' }), device, randomUUID())));
} else {
  console.error('node eng/device.mjs enrol <enrolment code> <key file>   |   node eng/device.mjs send <key file> <samples file>');
  process.exit(2);
}
