// The same as run.mjs by the standards' own words, and what an organisation's system does: reads what is to be done as JSON on one line; prints the address to send a person's browser to; reads,
// on one line, the address that the browser is led back to; prints what came of it, as JSON.
import { createInterface } from 'node:readline';
import * as oauth from 'oauth4webapi';

const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();
const read = async () => (await lines.next()).value;
const { issuer, clientId, redirect, scope, aheadSeconds, systemId, systemKey } = JSON.parse(await read());
const insecure = { [oauth.allowInsecureRequests]: true };
const url = new URL(issuer);
const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, insecure));
// How far the server's clock is ahead of this machine's.
const [app, system] = [clientId, systemId].map(id => ({ client_id: id, [oauth.clockSkew]: aheadSeconds }));
const refused = promise => promise.then(() => 'done', fault => fault.error ?? fault.code ?? String(fault));

// The code flow with PKCE; a refresh token is good once.
const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
const question = new URL(server.authorization_endpoint);
question.search = new URLSearchParams({
  client_id: clientId, redirect_uri: redirect, response_type: 'code', scope, state, nonce,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
});
console.log(question.href);
const answer = oauth.validateAuthResponse(server, app, new URL(await read()), state);
const first = await oauth.processAuthorizationCodeResponse(
  server, app, await oauth.authorizationCodeGrantRequest(server, app, oauth.None(), answer, redirect, verifier, insecure), { expectedNonce: nonce, requireIdToken: true });
const refresh = async token => oauth.processRefreshTokenResponse(server, app, await oauth.refreshTokenGrantRequest(server, app, oauth.None(), token, insecure));
const revoke = async token => oauth.processRevocationResponse(await oauth.revocationRequest(server, app, oauth.None(), token, insecure));
const second = await refresh(first.refresh_token);
await revoke(second.refresh_token);
const afterRevocation = await refused(refresh(second.refresh_token));

// A system by its own key, which asks what its token is worth.
const key = await crypto.subtle.importKey('jwk', systemKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
const signed = oauth.PrivateKeyJwt({ key, kid: systemKey.kid });
const own = await oauth.processClientCredentialsResponse(
  server, system, await oauth.clientCredentialsGrantRequest(server, system, signed, new URLSearchParams({ scope: 'system/Observation.rs' }), insecure));
const introspect = async token => oauth.processIntrospectionResponse(server, system, await oauth.introspectionRequest(server, system, signed, token, insecure));
const known = await introspect(own.access_token);
const ofAnother = await introspect(second.access_token);
const byAPublicClient = await refused(
  oauth.introspectionRequest(server, app, oauth.None(), second.access_token, insecure).then(response => oauth.processIntrospectionResponse(server, app, response)));
await oauth.processRevocationResponse(await oauth.revocationRequest(server, system, signed, own.access_token, insecure));
const afterwards = await introspect(own.access_token);
input.close();
console.log(JSON.stringify({ claims: oauth.getValidatedIdTokenClaims(first), rotated: second.refresh_token !== first.refresh_token, afterRevocation, known, ofAnother, byAPublicClient, afterwards }));
