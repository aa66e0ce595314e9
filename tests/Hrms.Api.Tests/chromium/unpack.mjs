// Unpacks Chromium and the libraries and fonts that it needs beside its package: a machine without a desktop has none of them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('node_modules/.chromium', import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
// The package unpacks into the temporary folder, and its libraries only where it takes the machine for one without.
Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' });
const { default: chromium } = await import('@sparticuz/chromium');
await chromium.executablePath();
// Its own list of fonts says where they would be there.
writeFileSync(`${folder}/fonts/fonts.conf`, `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts/cache</cachedir>
</fontconfig>
`);
