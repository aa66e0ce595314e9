// An app that an EHR opens with `iss` and `launch` (SMART App Launch 2, "Launch App: EHR Launch"): finds the server by the FHIR base that it was told; prints the address to send the browser on to; reads, on one
// line, the address that the browser is led back to; prints what the app then has, as JSON.
import { createInterface } from 'node:readline';
import * as client from 'openid-client';

const [iss, launch, clientId, redirect, scope, aheadSeconds] = process.argv.slice(2);
const smart = await (await fetch(`${iss}/.well-known/smart-configuration`)).json();
const config = await client.discovery(new URL(smart.issuer), clientId, undefined, client.None(), { execute: [client.allowInsecureRequests] });
// How far the server's clock is ahead of this machine's.
config[client.clockSkew] = Number(aheadSeconds);
const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
console.log(client.buildAuthorizationUrl(config, {
  redirect_uri: redirect, scope, state, nonce, launch, aud: iss,
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
}).href);

const input = createInterface({ input: process.stdin });
const callback = (await input[Symbol.asyncIterator]().next()).value;
input.close();
const tokens = await client.authorizationCodeGrant(config, new URL(callback), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
console.log(JSON.stringify({ capabilities: smart.capabilities, patient: tokens.patient, encounter: tokens.encounter, refreshedPatient: refreshed.patient, access: refreshed.access_token }));
