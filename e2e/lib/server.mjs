// Serves the built page as a static host would: right media types, nothing cached, 404 for what is not there.
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const DIST = process.env.CONTOUR_LAB_DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));

const MEDIA_TYPES = {
  ".css": "text/css",
  ".gz": "application/gzip",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

/** The path that the page was built for, from its `<base>`: the server puts it there and nowhere else. */
async function publicPath(dist) {
  const html = await readFile(join(dist, "index.html"), "utf8").catch(() => {
    throw new Error(`${dist} holds no page; build it with \`make dist\``);
  });
  const base = /<base [^>]*href="([^"]*)"/.exec(html)?.[1] ?? "/";
  return new URL(base, "http://host/").pathname;
}

/** Serves `dist` on a free port; `address` is where the page opens. */
export async function serve(dist = DIST) {
  const root = await publicPath(dist);
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://host").pathname));
    let file = path.startsWith(root) && join(dist, path.slice(root.length));
    if (file && (await stat(file).catch(() => null))?.isDirectory()) file = join(file, "index.html");
    const body = file ? await readFile(file).catch(() => null) : null;
    if (body === null) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
      return;
    }
    const type = MEDIA_TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-length": body.length, "cache-control": "no-store" });
    response.end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const address = `http://localhost:${server.address().port}${root}`;
  return {
    address,
    close: () => new Promise((closed) => {
      server.closeAllConnections();
      server.close(closed);
    }),
  };
}
