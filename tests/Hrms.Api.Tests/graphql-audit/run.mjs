// Usage: node run.mjs <url> [bearer token]
// Prints a JSON array of { id, name, status, reason } for every audit: MUST, SHOULD and MAY.
import { auditServer } from 'graphql-http';

const [url, token] = process.argv.slice(2);
if (!url) {
  console.error('Usage: node run.mjs <url> [bearer token]');
  process.exit(2);
}
const fetchFn = (target, init = {}) => {
  const headers = new Headers(init.headers);
  if (token) headers.set('authorization', `Bearer ${token}`);
  return fetch(target, { ...init, headers });
};
const results = await auditServer({ url, fetchFn });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
