// A hub without a browser (RFC 8628): prints the address that its person opens elsewhere; polls as it was told to until the person has answered; prints what it then has, as JSON. What it reads on one
// line says that the person has answered, so that a run polls once.
import { createInterface } from 'node:readline';
import * as client from 'openid-client';

const [issuer, clientId, scope] = process.argv.slice(2);
const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), { execute: [client.allowInsecureRequests] });
const asked = await client.initiateDeviceAuthorization(config, { scope });
console.log(asked.verification_uri_complete);

const input = createInterface({ input: process.stdin });
await input[Symbol.asyncIterator]().next();
input.close();
const tokens = await client.pollDeviceAuthorizationGrant(config, asked).catch(error => ({ error: error.error ?? String(error) }));
const refreshed = tokens.refresh_token && await client.refreshTokenGrant(config, tokens.refresh_token);
console.log(JSON.stringify({ userCode: asked.user_code, error: tokens.error, access: refreshed?.access_token, expiresIn: refreshed?.expires_in, patient: tokens.patient }));
