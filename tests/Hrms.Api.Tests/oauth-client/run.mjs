// Prints the address to send a person's browser to; reads, on one line, the address that the browser is led back to; prints what the client then has, as JSON.
import { createInterface } from 'node:readline/promises';
import * as client from 'openid-client';

const [issuer, clientId, redirect, scope, aheadSeconds] = process.argv.slice(2);
const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), { execute: [client.allowInsecureRequests] });
// How far the server's clock is ahead of this machine's.
config[client.clockSkew] = Number(aheadSeconds);
const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
console.log(client.buildAuthorizationUrl(config, {
  redirect_uri: redirect, scope, state, nonce,
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
}).href);

const lines = createInterface({ input: process.stdin });
const callback = (await lines[Symbol.asyncIterator]().next()).value;
lines.close();
const tokens = await client.authorizationCodeGrant(config, new URL(callback), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
await client.tokenRevocation(config, refreshed.refresh_token, { token_type_hint: 'refresh_token' });
const afterwards = await client.refreshTokenGrant(config, refreshed.refresh_token).then(() => 'still good', error => error.error);
console.log(JSON.stringify({ subject: tokens.claims().sub, fhirUser: tokens.claims().fhirUser, patient: tokens.patient, access: refreshed.access_token, expiresIn: refreshed.expires_in, afterwards }));
