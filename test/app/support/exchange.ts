/** 1C sends one file as a sale exchange: the words of its answers to `file` and `import`, the last that is not `progress`. */
export async function sendFile(
  baseUrl: string,
  login: { readonly user: string; readonly password: string },
  filename: string,
  content: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const url = `${baseUrl}/exchange/1c?type=sale`;
  const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  const [word, name, value] = (await text(`${url}&mode=checkauth`, { headers: { authorization } })).split('\n');
  if (word !== 'success') throw new Error(`checkauth: ${word}`);
  const headers = { cookie: `${name}=${value}` };
  await text(`${url}&mode=init`, { headers });
  const sent = await text(`${url}&mode=file&filename=${filename}`, { method: 'POST', headers, body: content });
  if (!sent.startsWith('success')) return sent;
  for (;;) {
    const imported = await text(`${url}&mode=import&filename=${filename}`, { headers });
    if (!imported.startsWith('progress')) return imported;
  }
}

const text = async (url: string, init: RequestInit): Promise<string> => (await fetch(url, init)).text();
